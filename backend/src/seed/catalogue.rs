//! Whom the demo data is about and what they buy. All of it is made up.

use domain::{Currency, TaxRate, invoices::TaxCategory, locale::Locale};

/// What is sold.
pub(super) struct Product {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    /// Price of one in millionths of a US dollar.
    pub(super) price: i64,
    /// How many are bought, at least and at most.
    pub(super) quantity: (i64, i64),
    /// Measured, so the quantity has decimals.
    pub(super) metered: bool,
}

const fn seats(code: &'static str, name: &'static str, cents: i64, most: i64) -> Product {
    Product {
        code,
        name,
        price: cents * 10_000,
        quantity: (1, most),
        metered: false,
    }
}

const fn metered(code: &'static str, name: &'static str, price: i64, most: i64) -> Product {
    Product {
        code,
        name,
        price,
        quantity: (20, most),
        metered: true,
    }
}

/// The price list.
pub(super) const PRODUCTS: &[Product] = &[
    seats("BK-WS", "Harbor Backup for workstations", 495, 180),
    seats("BK-SRV", "Harbor Backup for servers", 3_900, 24),
    seats("BK-M365", "Harbor Backup for mailboxes", 210, 240),
    metered("BK-GB", "Harbor vault storage, GB", 42_500, 6_000),
    seats("DR-VM", "Lifeboat disaster recovery, virtual machine", 8_950, 12),
    metered("DR-HR", "Lifeboat failover compute, hour", 187_500, 90),
    seats("OF-BAS", "Quill Office Basic", 600, 150),
    seats("OF-STD", "Quill Office Standard", 1_250, 150),
    seats("OF-PRO", "Quill Office Professional", 2_200, 60),
    seats("SEC-EDR", "Bastion endpoint protection", 380, 220),
    seats("SEC-XDR", "Bastion managed detection", 1_150, 120),
    seats("SEC-MAIL", "Bastion mail filter", 185, 240),
    seats("SEC-TRN", "Bastion awareness training", 240, 200),
    seats("NET-FW", "Palisade firewall subscription", 7_400, 6),
    seats("NET-VPN", "Palisade remote access", 450, 90),
    seats("RMM-AG", "Beacon monitoring agent", 165, 300),
    seats("RMM-HD", "Beacon help desk seat", 4_900, 10),
    seats("ID-SSO", "Keyring single sign-on", 320, 180),
    seats("VOIP-EXT", "Bellwether phone extension", 1_495, 60),
    metered("VOIP-MIN", "Bellwether calls, minute", 13_900, 4_000),
    seats("CL-VM2", "Stratus virtual machine, 2 cores", 4_480, 16),
    seats("CL-VM8", "Stratus virtual machine, 8 cores", 17_900, 6),
    metered("CL-NET", "Stratus traffic, GB", 51_000, 3_000),
    seats("LIC-SRV", "Foundry server licence", 10_250, 8),
];

/// Where somebody sits, with what follows from it.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) city: &'static str,
    pub(super) postal_code: &'static str,
    pub(super) country: &'static str,
    pub(super) time_zone: &'static str,
    pub(super) locale: Locale,
    pub(super) currency: Currency,
    /// What sales inside the place bear.
    pub(super) tax: (TaxCategory, TaxRate),
}

const fn us(city: &'static str, postal_code: &'static str, time_zone: &'static str, rate: i64) -> Place {
    let tax = (TaxCategory::S, TaxRate::from_scaled(rate));
    let (locale, currency) = (Locale::EnUs, Currency::USD);
    Place {
        city,
        postal_code,
        country: "US",
        time_zone,
        locale,
        currency,
        tax,
    }
}

const fn de(city: &'static str, postal_code: &'static str) -> Place {
    let tax = (TaxCategory::S, TaxRate::from_scaled(190_000));
    let (time_zone, locale, currency) = ("Europe/Berlin", Locale::DeDe, Currency::EUR);
    Place {
        city,
        postal_code,
        country: "DE",
        time_zone,
        locale,
        currency,
        tax,
    }
}

/// The distributor's seat.
pub(super) const DISTRIBUTOR: (&str, Place) = (
    "Meridian Cloud Distribution",
    us("Columbus", "43215", "America/New_York", 75_000),
);

/// The partners. The first one is the partner of `partner.example`.
pub(super) const PARTNERS: &[(&str, Place)] = &[
    (
        "Bluepeak IT Services",
        us("Denver", "80202", "America/Denver", 88_100),
    ),
    (
        "Cedarline Networks",
        us("Austin", "78701", "America/Chicago", 82_500),
    ),
    (
        "Harborlight Managed IT",
        us("Portland", "04101", "America/New_York", 55_000),
    ),
    ("Nordlicht Systemhaus", de("Hamburg", "20095")),
    (
        "Ironbridge Technology",
        us("Pittsburgh", "15222", "America/New_York", 70_000),
    ),
    ("Isarcloud IT-Dienste", de("München", "80331")),
    (
        "Kawase Systems",
        Place {
            city: "Osaka",
            postal_code: "530-0001",
            country: "JP",
            time_zone: "Asia/Tokyo",
            locale: Locale::JaJp,
            currency: Currency::JPY,
            tax: (TaxCategory::S, TaxRate::from_scaled(100_000)),
        },
    ),
    (
        "Lakeshore Computing",
        us("Milwaukee", "53202", "America/Chicago", 55_000),
    ),
    (
        "Mistral Infogérance",
        Place {
            city: "Lyon",
            postal_code: "69002",
            country: "FR",
            time_zone: "Europe/Paris",
            locale: Locale::FrFr,
            currency: Currency::EUR,
            tax: (TaxCategory::S, TaxRate::from_scaled(200_000)),
        },
    ),
    (
        "Redwood Desk",
        us("Sacramento", "95814", "America/Los_Angeles", 87_500),
    ),
    (
        "Summit & Vale Consulting",
        us("Boise", "83702", "America/Boise", 60_000),
    ),
    (
        "Tidewater Technology Group",
        us("Norfolk", "23510", "America/New_York", 60_000),
    ),
];

/// First words of customers' names.
pub(super) const FIRST: &[&str] = &[
    "Alder",
    "Amber",
    "Beacon",
    "Birch",
    "Bright",
    "Canyon",
    "Clearwater",
    "Cobalt",
    "Copper",
    "Crescent",
    "Eastgate",
    "Elm Street",
    "Evergreen",
    "Fairview",
    "Falcon",
    "Granite",
    "Greenfield",
    "Hawthorn",
    "Highland",
    "Juniper",
    "Kestrel",
    "Lantern",
    "Larkspur",
    "Linden",
    "Maple",
    "Meadow",
    "Northgate",
    "Oakhurst",
    "Orchard",
    "Pinecrest",
    "Prairie",
    "Quarry",
    "Riverbend",
    "Rosewood",
    "Silver",
    "Stonebridge",
    "Sunrise",
    "Thistle",
    "Union",
    "Willow",
];

/// Second words of customers' names.
pub(super) const SECOND: &[&str] = &[
    "Dental Group",
    "Law Offices",
    "Logistics",
    "Accounting",
    "Architects",
    "Veterinary Clinic",
    "Manufacturing",
    "Foods",
    "Realty",
    "Credit Union",
    "Printing",
    "Schools",
    "Medical Center",
    "Insurance Agency",
    "Hotels",
    "Engineering",
    "Wineries",
    "Furniture",
    "Construction",
    "Charity",
];

/// Streets.
pub(super) const STREETS: &[&str] = &[
    "Main Street",
    "Market Street",
    "Mill Road",
    "Station Road",
    "Park Avenue",
    "Canal Street",
    "Hill Street",
];

/// Card brands as gateways write them.
pub(super) const BRANDS: &[&str] = &["visa", "mastercard", "amex", "visa"];
