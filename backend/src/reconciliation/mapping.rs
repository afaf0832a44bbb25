//! Commands of the settings: which customer a company is, which own products stand for a product, and what is left out.
//!
//! A change holds from a month on. What was set for a later month stays.

use super::{
    month::{Billed, customers},
    read::{company_rows, product_rows},
};
use crate::{
    Error,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    FieldErrors, Refusal,
    access::SetUpReconciliation,
    ids::AccountId,
    reconciliation::{CompanyMapping, MOST_ITEMS, Month, ProductMapping, VendorRef},
    text,
};
use entity::{company_mapping, product_mapping};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};
use std::collections::BTreeSet;

/// Most characters of an item code.
const CODE_MAX: u32 = 200;

/// Says which customer a company of a vendor is from a month on, and whether it is left out.
///
/// # Errors
/// [`Error::NotFound`] unless a bill of the month has the company; [`Error::Invalid`] for the customer.
pub async fn map_company(
    scope: &Scope<SetUpReconciliation>,
    month: Month,
    about: &VendorRef,
    account: Option<AccountId>,
    excluded: bool,
) -> Result<(), Error> {
    let billed = Billed::load(scope, month).await?;
    let names = customers(scope).await?;
    if let Some(unknown) = account.filter(|account| !names.contains_key(account)) {
        let text = unknown.to_string();
        return Err(FieldErrors::one("account", Refusal::UnknownChoice { text }).into());
    }
    let rows = company_rows(&billed, &names);
    let row = rows
        .into_iter()
        .find(|row| row.about == *about)
        .ok_or(Error::NotFound)?;
    let wanted = CompanyMapping {
        name: row.name,
        account,
        excluded,
    };
    let known = billed.mappings.companies.get(about);
    if known == Some(&wanted) {
        return Ok(());
    }
    transact!(scope, tx => {
        keep_company(tx, month, about, &wanted).await?;
        audit_company(tx, month, &wanted, account.and_then(|account| names.get(&account)));
        Ok(())
    })
}

/// Maps all companies of a month for which a customer is proposed, as proposed. Returns how many.
///
/// # Errors
/// [`Error::Database`].
pub async fn map_proposed(scope: &Scope<SetUpReconciliation>, month: Month) -> Result<u64, Error> {
    let billed = Billed::load(scope, month).await?;
    let rows = company_rows(&billed, &customers(scope).await?);
    transact!(scope, tx => {
        let mut mapped = 0;
        for row in &rows {
            let Some((account, name)) = &row.proposed else {
                continue;
            };
            let mapping = CompanyMapping {
                name: row.name.clone(),
                account: Some(*account),
                excluded: false,
            };
            keep_company(tx, month, &row.about, &mapping).await?;
            audit_company(tx, month, &mapping, Some(name));
            mapped += 1;
        }
        Ok(mapped)
    })
}

/// Says which own products stand for a product of a vendor from a month on, and whether it is left out.
///
/// # Errors
/// [`Error::NotFound`] unless a bill of the month has the product; [`Error::Invalid`] for the own products.
pub async fn map_product(
    scope: &Scope<SetUpReconciliation>,
    month: Month,
    about: &VendorRef,
    items: &[String],
    excluded: bool,
) -> Result<(), Error> {
    let items = read_items(items).map_err(|refusal| FieldErrors::one("items", refusal))?;
    let billed = Billed::load(scope, month).await?;
    let rows = product_rows(&billed);
    let row = rows
        .into_iter()
        .find(|row| row.about == *about)
        .ok_or(Error::NotFound)?;
    let wanted = ProductMapping {
        name: row.name,
        items,
        excluded,
    };
    if billed.mappings.products.get(about) == Some(&wanted) {
        return Ok(());
    }
    transact!(scope, tx => {
        keep_product(tx, month, about, &wanted).await?;
        let seller = tx.actor().tenant();
        let facts = serde_json::json!({
            "product": wanted.name, "from": month.to_string(), "items": wanted.items, "excluded": excluded,
        });
        tx.audit(Act::new(seller, "map_product", "tenant", seller.0).after(facts));
        Ok(())
    })
}

fn read_items(typed: &[String]) -> Result<BTreeSet<String>, Refusal> {
    let filled = typed.iter().filter(|code| !code.trim().is_empty());
    let items = filled
        .map(|code| text::needed(code, CODE_MAX))
        .collect::<Result<BTreeSet<_>, _>>()?;
    if items.len() > MOST_ITEMS as usize {
        return Err(Refusal::TooMany { at_most: MOST_ITEMS });
    }
    Ok(items)
}

fn audit_company(tx: &mut Tx, month: Month, mapping: &CompanyMapping, customer: Option<&String>) {
    let seller = tx.actor().tenant();
    let facts = serde_json::json!({
        "company": mapping.name, "from": month.to_string(), "customer": customer, "excluded": mapping.excluded,
    });
    tx.audit(Act::new(seller, "map_company", "tenant", seller.0).after(facts));
}

/// Writes the mapping of a company that holds from a month on, in place of one of the same month.
async fn keep_company(
    tx: &Tx,
    month: Month,
    about: &VendorRef,
    mapping: &CompanyMapping,
) -> Result<(), Error> {
    tx.delete::<company_mapping::Entity>()
        .filter(company_mapping::Column::VendorKey.eq(about.vendor.as_str()))
        .filter(company_mapping::Column::CompanyKey.eq(about.key.as_str()))
        .filter(company_mapping::Column::FromMonth.eq(month.first()))
        .exec(tx.db())
        .await?;
    let row = company_mapping::ActiveModel {
        seller_id: Set(tx.actor().tenant().0),
        vendor_key: Set(about.vendor.clone()),
        company_key: Set(about.key.clone()),
        from_month: Set(month.first()),
        name: Set(mapping.name.clone()),
        account_id: Set(mapping.account.map(|account| account.0)),
        excluded: Set(mapping.excluded),
        changed_by_name: Set(tx.actor().name().to_owned()),
        changed_at: Set(tx.now()),
    };
    tx.insert_all(vec![row]).await.map_err(at_once)
}

/// Writes the mapping of a product that holds from a month on, in place of one of the same month.
async fn keep_product(
    tx: &Tx,
    month: Month,
    about: &VendorRef,
    mapping: &ProductMapping,
) -> Result<(), Error> {
    tx.delete::<product_mapping::Entity>()
        .filter(product_mapping::Column::VendorKey.eq(about.vendor.as_str()))
        .filter(product_mapping::Column::ProductKey.eq(about.key.as_str()))
        .filter(product_mapping::Column::FromMonth.eq(month.first()))
        .exec(tx.db())
        .await?;
    let row = product_mapping::ActiveModel {
        seller_id: Set(tx.actor().tenant().0),
        vendor_key: Set(about.vendor.clone()),
        product_key: Set(about.key.clone()),
        from_month: Set(month.first()),
        name: Set(mapping.name.clone()),
        items: Set(serde_json::to_value(&mapping.items)?),
        excluded: Set(mapping.excluded),
        changed_by_name: Set(tx.actor().name().to_owned()),
        changed_at: Set(tx.now()),
    };
    tx.insert_all(vec![row]).await.map_err(at_once)
}

/// Somebody sets the same at the same moment.
fn at_once(error: Error) -> Error {
    if error.is_duplicate() {
        Error::Conflict
    } else {
        error
    }
}
