//! What is measured through the router: a list as CSV and the grid as HTML.

use crate::{
    Outcome,
    cases::{Case, Narrowed, Place, session},
    db::{Kind, Statement, Value},
    figures::{Figure, Group, Spread, in_turns},
    pages::Bench,
    people::{largest, seller},
};
use axum::{Router, body::Body};
use domain::{
    access::Side,
    invoices::{SortKey, form},
};
use futures::StreamExt;
use http::{Request, header};
use std::{fs, time::Duration};
use tower::ServiceExt;

impl Bench {
    /// Which list is exported: at most 100,000 rows.
    pub(crate) const fn exported(&self) -> (Side, u64) {
        if self.count > 100_000 {
            (Side::Buyer, self.count / 10)
        } else {
            (Side::Seller, self.count)
        }
    }

    /// The path of the export.
    pub(crate) fn export_path(&self) -> String {
        let (side, _) = self.exported();
        format!("/invoices/export.csv?side={}", side.code())
    }

    /// A list as CSV through the router, and its rows through the bare driver.
    pub(crate) async fn export(&self, router: &Router) -> Outcome<Figure> {
        let (side, count) = self.exported();
        let request = || self.request(side, &self.export_path());
        let lines = async || {
            let response = router.clone().oneshot(request()?).await?;
            let mut body = response.into_body().into_data_stream();
            let mut lines = 0_u64;
            while let Some(piece) = body.next().await {
                lines += piece?.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
            }
            if lines == count + 1 {
                Ok(())
            } else {
                Err(format!("{lines} lines").into())
            }
        };
        let statement = export_statement(side);
        let (ours, bare) = in_turns(5, lines, async || {
            self.bare(&[session(self.token(side))]).await?;
            let rows = self.db.read_through(&statement).await?;
            if rows == count {
                Ok(())
            } else {
                Err(format!("{rows} rows").into())
            }
        })
        .await?;
        Ok(Figure {
            group: Group::Export,
            name: format!("{count} rows"),
            ours,
            bare: Some(bare),
        })
    }

    fn request(&self, side: Side, path: &str) -> Outcome<Request<Body>> {
        let cookie = format!(
            "{}={}",
            app::server::CookiePolicy::Loopback.name(),
            self.token(side)
        );
        Ok(Request::get(path)
            .header(header::COOKIE, cookie)
            .body(Body::empty())?)
    }

    /// The path of a grid page as people open it.
    pub(crate) fn grid_path(&self, side: Side) -> String {
        let case = Case {
            side,
            sort: SortKey::Due,
            narrowed: Narrowed::Open,
            place: Place::First,
            today: self.people.now.date_naive(),
        };
        format!("/invoices?side={}&{}", side.code(), form::to_query(&case.query()))
    }

    /// Processor time of the grid as HTML, the session check and the data included.
    pub(crate) async fn html(&self, router: &Router) -> Outcome<Vec<Figure>> {
        let mut figures = Vec::new();
        for (name, side, accepts) in [
            ("as the seller", Side::Seller, "identity"),
            ("as the buyer", Side::Buyer, "identity"),
            ("as the seller, compressed", Side::Seller, "br, gzip"),
        ] {
            let path = self.grid_path(side);
            let mut times = Vec::new();
            for round in 0..60 {
                let mut request = self.request(side, &path)?;
                request
                    .headers_mut()
                    .insert(header::ACCEPT_ENCODING, accepts.parse()?);
                let before = processor_time()?;
                let response = router.clone().oneshot(request).await?;
                let status = response.status();
                let body = axum::body::to_bytes(response.into_body(), 8 * 1024 * 1024).await?;
                let spent = processor_time()?.saturating_sub(before);
                if status != http::StatusCode::OK {
                    return Err(format!("the page is answered with {status}").into());
                }
                if accepts == "identity" && body.windows(4).filter(|window| window == b"INV-").count() < 50 {
                    return Err("the page has less than 50 rows".into());
                }
                if round >= 10 {
                    times.push(spent);
                }
            }
            figures.push(Figure {
                group: Group::Html,
                name: name.to_owned(),
                ours: Spread::of(times),
                bare: None,
            });
        }
        Ok(figures)
    }
}

/// Processor time of all threads of this process.
fn processor_time() -> Outcome<Duration> {
    let mut total = 0_u64;
    for task in fs::read_dir("/proc/self/task")? {
        // A thread may end in between.
        let Ok(text) = fs::read_to_string(task?.path().join("schedstat")) else {
            continue;
        };
        total += text.split(' ').next().unwrap_or("0").parse::<u64>()?;
    }
    Ok(Duration::from_nanos(total))
}

fn export_statement(side: Side) -> Statement {
    use Kind::{Day, Id, Number, Text};
    let (column, tenant, name, condition) = match side {
        Side::Seller => ("seller_id", seller(), "buyer_name", ""),
        Side::Buyer => ("buyer_id", largest(), "seller_name", " AND stage <> 'draft'"),
    };
    Statement::new(
        format!(
            "SELECT id, seller_id, account_id, number, {name}, buyer_external_id, order_id, source, issue_date, \
             due_date, currency, total_minor, open_minor, reserved_minor, stage FROM invoices \
             WHERE {column} = $1{condition} ORDER BY due_date, id"
        ),
        vec![Value::Id(tenant)],
        &[
            Id, Id, Id, Text, Text, Text, Text, Text, Day, Day, Text, Number, Number, Number, Text,
        ],
    )
}
