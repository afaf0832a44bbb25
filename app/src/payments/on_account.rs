//! What lies unused on the payer's account, offered to be used before the card is charged (V26).

use super::payee::Payee;
use crate::markup::view;
use crate::{css, ui::amount::Amount};
use domain::{
    Money,
    ids::AccountId,
    payments::{form::UseFields, on_account::OnAccount},
};
use leptos::{html, prelude::*};

/// The choice to use what lies there, while the form is filled in.
#[derive(Clone, Copy)]
pub struct FirstBox {
    account: AccountId,
    total: Money,
    ticked: RwSignal<bool>,
    tick: NodeRef<html::Input>,
}

impl FirstBox {
    /// The choice as the page begins with it; none when nothing lies there. `typed` is what came back.
    pub fn new(account: AccountId, lies: Option<OnAccount>, typed: &[UseFields]) -> Option<Self> {
        let total = lies?.total().ok()?;
        let is_ticked = |one: &UseFields| {
            one.apply.is_some()
                && one.account == account.to_string()
                && one.currency == total.currency().code()
        };
        Some(Self {
            account,
            total,
            ticked: RwSignal::new(typed.iter().any(is_ticked)),
            tick: NodeRef::new(),
        })
    }

    /// What of a sum it pays.
    pub fn of(self, sum: Money) -> Money {
        let nothing = Money::zero(sum.currency());
        if self.ticked.get() {
            sum.min(self.total).unwrap_or(nothing)
        } else {
            nothing
        }
    }

    /// Takes over what was ticked before the program arrived.
    pub fn catch_up(self) {
        if let Some(input) = self.tick.get_untracked() {
            self.ticked.set(input.checked());
        }
    }
}

/// See the module.
#[component]
pub(super) fn UseFirst(
    /// The choice.
    first: FirstBox,
    /// Of which form on the page.
    place: usize,
    /// Which of its currencies.
    index: usize,
) -> impl IntoView {
    let FirstBox {
        account,
        total,
        ticked,
        tick,
    } = first;
    let id = format!("{}-{index}", Payee::use_first_id(place));
    let help = format!("{id}-help");
    let name = move |field: &str| format!("form[uses][{index}][{field}]");
    view! {
        <div class=format!("{} check", css::FIELD)>
            <input type="checkbox" id=id.clone() name=name("apply") value="1" autocomplete="off" aria-describedby=help.clone()
                checked=ticked.get_untracked() node_ref=tick on:change=move |event| ticked.set(event_target_checked(&event))/>
            <label for=id>"Use what lies on your account first"</label>
            <p class="help" id=help>
                "You have "<Amount of=total/>" of credit and of money that is put to no invoice. It goes to the invoices due first as soon as you submit, also if the card is \
                 refused then. If it pays all, no card is charged."
            </p>
            <input type="hidden" name=name("account") value=account.to_string()/>
            <input type="hidden" name=name("currency") value=total.currency().code()/>
            <input type="hidden" name=name("seen") value=total.minor().to_string()/>
        </div>
    }
}
