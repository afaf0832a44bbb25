//! Signing in with one's company, by the OpenID Connect provider that a tenant named.
//!
//! What a provider says about a person is good in its tenant only, since whoever runs the tenant may run the provider:
//! a session begun by it never leaves the tenant and never reaches the person's login. It makes nobody a member.

pub mod begin;
pub mod finish;
pub mod operator;
pub mod read;
#[cfg(test)]
mod tests;
pub mod write;
