//! Tenants as their own people and their trading partners see them.

mod addresses;
mod below;
mod company;
mod countries;
mod family;
mod tax_ids;

pub use addresses::{ADDRESSES_MAX, Address, AddressFields, AddressKind, AddressRow};
pub use below::{
    Door, DoorNotice, GROUPS_MAX, GrantRow, GroupRow, LeadInvitation, REASON_MAX, Sharing, TenantDetail,
    TenantQuery, TenantRow, TenantState, reason,
};
pub(crate) use company::phone;
pub use company::{ACCENTS, Company, CompanyFields, external_id, terms_days};
pub use countries::{COUNTRIES, country};
pub use family::{Family, Member, SUBSIDIARIES_MAX, Subsidiary, may_belong};
pub use tax_ids::{Particulars, TAX_IDS_MAX, TaxId, TaxIdFields, TaxIdRow, TaxScheme, number as tax_number};

use crate::{access::TenantKind, ids::TenantId, locale::Locale, money::Currency};
use serde::{Deserialize, Serialize};

/// The tenant somebody works in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its tier.
    pub kind: TenantKind,
    /// Its name.
    pub name: String,
    /// How amounts and dates are written for its people.
    pub locale: Locale,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// The currency it thinks in.
    pub currency: Currency,
    /// Name of its accent colour among those of the style sheet.
    pub accent: String,
    /// Whom its people call (T18).
    pub support_phone: Option<String>,
    /// Whom its people write to about bills (T18).
    pub billing_email: Option<String>,
    /// What stands between its people and their pages.
    pub door: Door,
    /// Hash of its logo, which names the picture; none if it has none.
    pub logo: Option<String>,
}

/// A party as printed on a document: a snapshot taken when it was issued (V17).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Legal name.
    pub name: String,
    /// Street and number, one or two lines.
    pub street: String,
    /// Town.
    pub city: String,
    /// Postal code.
    pub postal_code: String,
    /// ISO 3166 two-letter code, upper case.
    pub country: String,
    /// VAT or other tax id.
    pub tax_id: Option<String>,
    /// Where mail about the document goes.
    pub email: Option<String>,
}

#[cfg(test)]
mod tests;
