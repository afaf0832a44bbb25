//! The page of one file: its columns while they wait to be named, then its entries.

use super::{api::find_bank_file, columns::Columns, entries::Entries};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    error::AppError,
    ui::{
        form::{Failed, Said, typed_form},
        loaded::both,
        page::PageHead,
    },
};
use domain::{
    bank_files::{BankFileDetail, BankFileRow},
    ids::BankFileId,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};

/// What the page loads.
struct Loads {
    file: Loading<BankFileDetail>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let (params, search) = (use_params_map(), use_location().search);
        let id = Memo::new(move |_| {
            params
                .read()
                .get("id")
                .and_then(|id| id.parse::<BankFileId>().ok())
        });
        Self {
            file: load(
                move || (id.get(), search.get()),
                |(id, query)| async move {
                    match id {
                        Some(id) => find_bank_file(id, query).await,
                        None => Err(AppError::NotFound),
                    }
                },
            ),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { file, typed } = Loads::new();
    both(file, typed, |file: BankFileDetail, failed: Failed| {
        view! { <File file failed/> }
    })
    .into_any()
}

#[component]
fn File(file: BankFileDetail, failed: Failed) -> impl IntoView {
    let BankFileDetail { row, offer, entries } = file;
    let id = row.id;
    let (title, note) = (row.name.clone(), in_words(&row));
    let body = match offer {
        Some(offer) => view! { <Columns id offer failed/> }.into_any(),
        None => view! { <Entries page=entries failed file=Some(id)/> }.into_any(),
    };
    view! {
        <PageHead title up=("/bank", "Bank files") note/>
        <div class="stack loose">
            <Said words=&[("recorded", "The payments were recorded.")]/>
            {body}
        </div>
    }
}

fn in_words(row: &BankFileRow) -> String {
    let BankFileRow {
        format,
        entries,
        known,
        ..
    } = row;
    let new = match entries {
        1 => "1 new entry".to_owned(),
        many => format!("{many} new entries"),
    };
    match known {
        0 => format!("{format}, {new}."),
        1 => format!("{format}, {new}; 1 was in an earlier file."),
        many => format!("{format}, {new}; {many} were in earlier files."),
    }
}
