//! Trading accounts, one for each pair of seller and buyer, and the cards saved on them.
//!
//! Documents point to an account by (seller, account, buyer), so a row cannot name a buyer that the account does not
//! have (D1). The `search` columns are lower case: what a filter for the other side looks in. Which currencies occur on
//! an account is kept beside it, since asking the documents would read them all.

crate::portable::migration! {
    tables: ["accounts", "account_currencies", "cards"],
    up: "
CREATE TABLE accounts (
    seller_id UUID NOT NULL REFERENCES tenants (id),
    id UUID NOT NULL,
    buyer_id UUID NOT NULL REFERENCES tenants (id),
    external_id text,
    terms_days integer NOT NULL CHECK (terms_days >= 0),
    gateway_customer text,
    seller_name text NOT NULL,
    buyer_name text NOT NULL,
    seller_search KEYTEXT NOT NULL,
    buyer_search KEYTEXT NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, id),
    UNIQUE (seller_id, id, buyer_id),
    UNIQUE (seller_id, buyer_id),
    CHECK (seller_id <> buyer_id)
);
CREATE INDEX accounts_buyer ON accounts (buyer_id);
CREATE TABLE account_currencies (
    seller_id UUID NOT NULL,
    account_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    currency char(3) NOT NULL,
    PRIMARY KEY (seller_id, account_id, currency),
    FOREIGN KEY (seller_id, account_id, buyer_id) REFERENCES accounts (seller_id, id, buyer_id)
);
CREATE INDEX account_currencies_buyer ON account_currencies (buyer_id, currency);
CREATE TABLE cards (
    seller_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    gateway_token text NOT NULL,
    brand text NOT NULL,
    last4 char(4) NOT NULL,
    exp_month smallint NOT NULL CHECK (exp_month BETWEEN 1 AND 12),
    exp_year smallint NOT NULL,
    fingerprint text,
    is_default boolean NOT NULL,
    removed_at INSTANT,
    created_by UUID REFERENCES users (id),
    created_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, id),
    UNIQUE (seller_id, gateway_token),
    FOREIGN KEY (seller_id, account_id, buyer_id) REFERENCES accounts (seller_id, id, buyer_id)
);
CREATE INDEX cards_account ON cards (seller_id, account_id);
CREATE UNIQUE INDEX cards_one_default ON cards (seller_id, account_id) WHERE is_default AND removed_at IS NULL;
"
}
