//! Which pages run in the browser, and which parts of the program it fetches for them.
//!
//! A page that only shows and posts is plain: the server draws it, and no program comes with it. What a person works in
//! for long (lists, papers, imports, payments) runs in the browser, fetched when it is first opened.
//!
//! Pages share parts of the program, and every set of parts that shares something becomes a file of its own. With a
//! part per page that made over eighty files a page, most of them too small to compress well; so pages that are opened
//! one after another share a part, and only the heavy ones stand alone (docs/SIZE.md). The router knows one type for
//! all pages, and a part is fetched by one function: a page costs the main program next to nothing.

use leptos::prelude::*;
use leptos_router::ChooseView;

macro_rules! parts {
    (
        plain { $($plain:ident => $plain_view:path),+ $(,)? }
        $($part:ident { $($page:ident => $view:path),+ $(,)? })+
    ) => {
        /// The pages.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Page {
            $(#[doc = concat!("`", stringify!($plain_view), "`")] $plain,)+
            $($(#[doc = concat!("`", stringify!($view), "`")] $page,)+)+
        }

        #[cfg(test)]
        impl Page {
            /// The pages that no program comes with, by their names.
            const PLAIN: &[&str] = &[$(stringify!($plain)),+];
        }

        impl ChooseView for Page {
            async fn choose(self) -> AnyView {
                match self {
                    $(#[cfg(feature = "ssr")] Self::$plain => $plain_view(),)+
                    #[cfg(not(feature = "ssr"))]
                    $(Self::$plain)|+ => crate::awake::leave_it_to_the_browser(),
                    $($(Self::$page)|+ => $part::show(self as u32).await,)+
                }
            }

            async fn preload(&self) {
                #[cfg(feature = "hydrate")]
                match self {
                    $(Self::$plain)|+ => {}
                    $($(Self::$page)|+ => $part::preload().await,)+
                }
            }
        }

        $(mod $part {
            use super::*;

            #[cfg(feature = "hydrate")]
            #[::leptos::wasm_split::wasm_split($part, wasm_split_path = ::leptos::wasm_split, preload(preload))]
            pub(super) fn show(page: u32) -> AnyView {
                crate::awake::mark();
                view(page)
            }

            #[cfg(not(feature = "hydrate"))]
            pub(super) async fn show(page: u32) -> AnyView {
                ::leptos::prefetch_lazy_fn_on_server(stringify!($part));
                view(page)
            }

            fn view(page: u32) -> AnyView {
                $(if page == Page::$page as u32 {
                    return $view();
                })+
                ().into_any()
            }
        })+
    };
}

parts! {
    plain {
        Login => crate::sessions::login_page,
        Code => crate::sessions::code_page,
        Forgotten => crate::sessions::forgotten_page,
        NewPassword => crate::sessions::new_password_page,
        Invitation => crate::people::invitation_page,
        Home => crate::home::view,
        Account => crate::sessions::account_page,
        SecondFactor => crate::second_factor::second_factor_page,
        Email => crate::sessions::email_page,
        NewEmail => crate::sessions::new_email_page,
        Switch => crate::sessions::switch_page,
        SentMail => crate::mail::sent_mail_page,
        Mail => crate::mail::mail_page,
        People => crate::people::people_page,
        Invite => crate::people::invite_page,
        Person => crate::people::person_page,
        Roles => crate::roles::roles_page,
        Audit => crate::audit::audit_page,
        Jobs => crate::jobs::jobs_page,
        Tenants => crate::tenants::tenants_page,
        NewTenant => crate::tenants::new_tenant_page,
        Tenant => crate::tenants::tenant_page,
        Groups => crate::tenants::groups_page,
        OwnProfiles => crate::profiles::own_profiles_page,
        OwnProfile => crate::profiles::own_profile_page,
        Profiles => crate::profiles::profiles_page,
        Profile => crate::profiles::profile_page,
        Company => crate::company::company_page,
        Particulars => crate::company::particulars_page,
        ApiKeys => crate::api_keys::api_keys_page,
        ReminderSettings => crate::reminders::reminder_settings_page,
        AccountReminders => crate::reminders::account_reminders_page,
        Sharing => crate::company::sharing_page,
        Givers => crate::shared::givers_page,
        Shared => crate::shared::shared_page,
        SharedInvoice => crate::shared::shared_invoice_page,
        Door => crate::sessions::door_page,
        Security => crate::security::security_page,
        SingleSignOn => crate::single_sign_on::single_sign_on_page,
        WayIn => crate::single_sign_on::way_in_page,
        VoidInvoice => crate::invoices::void_page,
        WriteOff => crate::invoices::write_off_page,
        NewInvoice => crate::invoices::editor::new_invoice_page,
        WriteInvoice => crate::invoices::editor::write_page,
        Revisions => crate::invoices::editor::revisions_page,
        Replaced => crate::invoices::editor::replaced_page,
        AsOf => crate::invoices::as_of_page,
        Explain => crate::invoices::explain_page,
        ExplainPayment => crate::payments::explain_payment_page,
        ExplainCredit => crate::credit_notes::explain_credit_page,
        ExplainAccount => crate::books::explain_account_page,
        Refund => crate::refunds::refund_page,
        CreditNotes => crate::credit_notes::credit_notes_page,
        CreditNote => crate::credit_notes::credit_note_page,
        Disputes => crate::disputes::disputes_page,
        InvoiceDisputes => crate::disputes::invoice_disputes_page,
        Rollups => crate::rollups::rollups_page,
        NewRollup => crate::rollups::new_rollup_page,
        Rollup => crate::rollups::rollup_page,
        NewCreditNote => crate::credit_notes::new_credit_note_page,
        CreditAccount => crate::credit_notes::credit_account_page,
        Books => crate::books::books_page,
        Proof => crate::books::proof_page,
        BookEntries => crate::books::book_entries_page,
        Payments => crate::payments::payments_page,
        Attempts => crate::payments::attempts_page,
        SendReceipt => crate::payments::send_receipt_page,
        Methods => crate::payment_methods::methods_page,
        NewMethod => crate::payment_methods::new_method_page,
        ChangeMethod => crate::payment_methods::change_method_page,
        EnterMethod => crate::payment_methods::enter_method_page,
        RecordPayment => crate::payments::by_hand::record_page,
        Allocate => crate::payments::by_hand::allocate_page,
        Workbench => crate::workbench::workbench_page,
        Plan => crate::workbench::plan_page,
        Attach => crate::payments::by_hand::attach_page,
        BankFiles => crate::bank_files::bank_files_page,
        BankFile => crate::bank_files::bank_file_page,
        WaitingEntries => crate::bank_files::waiting_page,
        BankEntry => crate::bank_files::bank_entry_page,
        Compared => crate::gateway::compared_page,
        Finding => crate::gateway::finding_page,
        Reconciliation => crate::reconciliation::dashboard_page,
        VendorBills => crate::reconciliation::vendor_bills_page,
        VendorBill => crate::reconciliation::vendor_bill_page,
        ReconciliationSettings => crate::reconciliation::settings_page,
    }
    invoices {
        Invoices => crate::invoices::invoices_page,
    }
    imports {
        Imports => crate::imports::imports_page,
        Import => crate::imports::import_page,
    }
    papers {
        Invoice => crate::invoices::invoice_page,
        Receipt => crate::payments::receipt_page,
        PaymentResult => crate::payments::result_page,
    }
    pay {
        NewPayment => crate::payments::new_payment_page,
    }
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn plain_pages_are_those_whose_addresses_say_so() {
        let table = include_str!("site.rs");
        let routes: Vec<(&str, &str)> = table
            .lines()
            .filter_map(|line| {
                let (_, rest) = line.split_once("<Route path=path!(\"")?;
                let (path, rest) = rest.split_once("\") view=Page::")?;
                Some((path, rest.split(' ').next()?))
            })
            .collect();
        assert!(routes.len() > 20, "the table of the site was not understood");
        for (path, page) in routes {
            let plain = crate::awake::is_plain(path);
            assert_eq!(plain, Page::PLAIN.contains(&page), "{path} shows {page}");
        }
    }
}
