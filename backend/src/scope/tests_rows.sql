-- One row in each table that the world's builders do not fill, between $SELLER and $BUYER.
INSERT INTO cards (seller_id, id, account_id, buyer_id, gateway_token, brand, last4, exp_month, exp_year, is_default, created_at) VALUES ($SELLER, $ID, $ACCOUNT, $BUYER, 'pm_1', 'visa', '4242', 12, 2034, false, $NOW);
INSERT INTO payment_attempts (seller_id, id, account_id, buyer_id, state, form_key, idempotency_key, currency, amount_minor, save_card, make_default, email_receipt, created_by_name, created_at, submitted_at, resolved_at) VALUES ($SELLER, $ID, $ACCOUNT, $BUYER, 'failed', $ID, 'k', 'USD', 5, false, false, false, 'Somebody', $NOW, $NOW, $NOW);
INSERT INTO attempt_lines (seller_id, attempt_id, invoice_id, amount_minor, seen_minor) VALUES ($SELLER, $ID, $INVOICE, 5, 5);
INSERT INTO credit_notes (seller_id, id, account_id, buyer_id, stage, number, reason, currency, issue_date, lines_minor, discount_minor, charge_minor, net_minor, tax_minor, rounding_minor, total_minor, applied_minor, refunded_minor, remaining_minor, created_by_name, created_at) VALUES ($SELLER, $ID, $ACCOUNT, $BUYER, 'issued', 'X-1', 'Because', 'USD', '2026-03-15', 5, 0, 0, 5, 0, 0, 5, 0, 0, 5, 'Somebody', $NOW);
INSERT INTO credit_note_lines (seller_id, credit_note_id, position, description, quantity, unit_price, discount_minor, net_minor, tax_category, tax_rate) VALUES ($SELLER, $ID, 1, 'Returned', 1, 1, 0, 5, 'Z', 0);
INSERT INTO credit_note_taxes (seller_id, credit_note_id, category, rate, base_minor, tax_minor) VALUES ($SELLER, $ID, 'Z', 0, 5, 0);
INSERT INTO imports (seller_id, id, state, file_name, format, sha256, byte_count, created_by_name, created_at) VALUES ($SELLER, $ID, 'staged', 'a.csv', 'csv', 'x', 1, 'Somebody', $NOW);
INSERT INTO import_rows (seller_id, import_id, seq, kind, row_count, content) VALUES ($SELLER, $ID, 1, 'rows', 1, '[]');
INSERT INTO import_issues (seller_id, import_id, seq, severity, content) VALUES ($SELLER, $ID, 1, 'error', '{}');
INSERT INTO import_mappings (seller_id, id, name, fingerprint, content, created_at, used_at) VALUES ($SELLER, $ID, 'Mine', 'f', '{}', $NOW, $NOW);
INSERT INTO form_drafts (id, user_id, tenant_id, kind, content, created_at, expires_at) VALUES ($ID, $USER, $BUYER, 'payment', '{}', $NOW, $NOW);
INSERT INTO idempotency (tenant_id, user_id, key, fingerprint, created_at, expires_at) VALUES ($BUYER, $USER, 'k', 'f', $NOW, $NOW);
INSERT INTO sessions (token_hash, user_id, tenant_id, created_at, seen_at, expires_at) VALUES ('x', $USER, $BUYER, $NOW, $NOW, $NOW);
INSERT INTO jobs (id, tenant_id, kind, payload, state, run_at, created_at) VALUES ($ID, $BUYER, 'test', '{}', 'queued', $NOW, $NOW);
INSERT INTO mails (seller_id, id, buyer_id, kind, recipient, from_name, subject, text, state, message_id, created_at) VALUES ($SELLER, $ID, $BUYER, 'receipt', 'a@b.example', 'Somebody', 'Hello', 'Hello', 'queued', 'm', $NOW);
INSERT INTO roles (tenant_id, side, code, base, name, changes, created_at) VALUES ($BUYER, 'buyer', 'viewer', 'viewer', NULL, '+payments.pay', $NOW);
INSERT INTO invitations (tenant_id, id, email, name, buyer_role, token_hash, invited_by, inviter, created_at, sent_at, expires_at) VALUES ($BUYER, $ID, 'new@b.example', 'New', 'viewer', 'y', $USER, 'Somebody', $NOW, $NOW, $NOW);
