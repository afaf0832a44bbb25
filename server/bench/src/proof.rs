//! What `quittance check` costs (K22): every rule over all that is there. It reads everything, so it grows with the data.

use crate::{
    Outcome,
    figures::{Figure, Group, Spread},
    pages::Bench,
};
use backend::check;
use std::time::Instant;

impl Bench {
    /// Once, as an operator runs it.
    ///
    /// # Errors
    /// A generated database that breaks a rule, or is refused.
    pub(crate) async fn proof(&self) -> Outcome<Figure> {
        let begin = Instant::now();
        let findings = check::run(&self.backend).await?;
        let took = Spread::of(vec![begin.elapsed()]);
        if let Some(first) = findings.first() {
            return Err(format!("{} rules broken, the first: {first:?}", findings.len()).into());
        }
        Ok(Figure {
            group: Group::Proof,
            name: format!("{} rules, once", check::rules()),
            ours: took,
            bare: None,
        })
    }
}
