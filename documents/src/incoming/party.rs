//! Seller and buyer of a UBL document.
//!
//! Kept apart from the draft: who of them is which tenant is for the server to find out.

use super::xml::Element;
use domain::imports::CustomerKey;
use serde::{Deserialize, Serialize};

/// A party as the document names it. Everything is optional in UBL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Trading name, else the registered one.
    pub name: Option<String>,
    /// Registered name.
    pub legal_name: Option<String>,
    /// What the seller's books call it, when the document says so, else its first identifier.
    pub external_id: Option<String>,
    /// VAT id, else another tax id.
    pub tax_id: Option<String>,
    /// Number in the company register.
    pub company_id: Option<String>,
    /// Scheme and id of its electronic address.
    pub endpoint: Option<(String, String)>,
    /// E-mail.
    pub email: Option<String>,
    /// Street, additional street, address line.
    pub street: Vec<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State, province or region.
    pub region: Option<String>,
    /// Country code.
    pub country: Option<String>,
}

impl Party {
    /// Reads `AccountingSupplierParty` or `AccountingCustomerParty`.
    pub(super) fn of(role: &Element) -> Self {
        let nothing = Element::default();
        let party = role.find("Party").unwrap_or(&nothing);
        let text = |path: &str| party.text_of(path).map(one_line);
        let legal_name = text("PartyLegalEntity/RegistrationName");
        let assigned = ["SupplierAssignedAccountID", "CustomerAssignedAccountID"];
        let assigned = assigned
            .into_iter()
            .find_map(|path| role.text_of(path))
            .map(one_line);
        let street = ["StreetName", "AdditionalStreetName", "AddressLine/Line"];
        Self {
            name: text("PartyName/Name").or_else(|| legal_name.clone()),
            legal_name,
            external_id: assigned.or_else(|| text("PartyIdentification/ID")),
            tax_id: tax_id(party),
            company_id: text("PartyLegalEntity/CompanyID"),
            endpoint: party
                .find("EndpointID")
                .filter(|id| !id.text.is_empty())
                .map(|id| {
                    (
                        id.attribute("schemeID").unwrap_or_default().to_owned(),
                        one_line(&id.text),
                    )
                }),
            email: text("Contact/ElectronicMail"),
            street: street
                .into_iter()
                .filter_map(|part| text(&format!("PostalAddress/{part}")))
                .collect(),
            postal_code: text("PostalAddress/PostalZone"),
            city: text("PostalAddress/CityName"),
            region: text("PostalAddress/CountrySubentity"),
            country: text("PostalAddress/Country/IdentificationCode"),
        }
    }

    /// What a customer can be found by.
    pub(super) fn key(&self) -> CustomerKey {
        let Self {
            name,
            external_id,
            tax_id,
            email,
            ..
        } = self;
        CustomerKey {
            external_id: external_id.clone(),
            tax_id: tax_id.clone(),
            email: email.clone(),
            name: name.clone(),
        }
    }
}

/// The id of the VAT scheme before those of others.
fn tax_id(party: &Element) -> Option<String> {
    let schemes: Vec<_> = party.all("PartyTaxScheme").collect();
    let is_vat = |scheme: &&&Element| scheme.text_of("TaxScheme/ID") == Some("VAT");
    let vat = schemes.iter().find(is_vat).or_else(|| schemes.first())?;
    vat.text_of("CompanyID").map(one_line)
}

/// A text whose line breaks come from the XML's own layout.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
