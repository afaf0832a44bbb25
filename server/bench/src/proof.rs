//! What `quittance check` costs (K22): every rule over all that is there, and the audit's chain. It reads everything, so it
//! grows with the data.

use crate::{
    Outcome,
    figures::{Figure, Group, Spread},
    pages::Bench,
};
use backend::{audit, check};
use std::time::Instant;

impl Bench {
    /// Once, as an operator runs it.
    ///
    /// # Errors
    /// A generated database that breaks a rule, or is refused.
    pub(crate) async fn proof(&self) -> Outcome<Figure> {
        let begin = Instant::now();
        let findings = check::run(&self.backend).await?;
        let broken = audit::verify(&self.backend).await?.broken;
        let took = Spread::of(vec![begin.elapsed()]);
        if let Some(first) = findings.first() {
            return Err(format!("{} rules broken, the first: {first:?}", findings.len()).into());
        }
        if let Some(first) = broken.first() {
            return Err(format!("the audit does not hold: {first:?}").into());
        }
        Ok(Figure {
            group: Group::Proof,
            name: format!("{} rules and the audit, once", check::rules()),
            ours: took,
            bare: None,
        })
    }
}
