//! `quittance sandbox`: the payment sandbox alone, so that the portal can stop while the gateway goes on.

use super::{Failure, serve::stopped};
use crate::{adapters::stripe::DEFAULT_ACCOUNT, config::Config};
use sandbox::{Control, Database, SandboxConfig, WebhookTarget};

/// The sandbox's own settings out of ours.
pub fn settings(config: &Config) -> SandboxConfig {
    let sandbox = &config.sandbox;
    let gateway = &config.gateway;
    let mut settings = SandboxConfig::new(
        Database::File(sandbox.database.clone()),
        gateway.publishable_key.clone(),
        gateway.secret_key.clone(),
    );
    settings.bind = sandbox.listen;
    settings.portal_origins = vec![config.server.public_url.trim_end_matches('/').to_owned()];
    // It tells the portal on this machine, which it need not reach by its public name.
    let tell = |secret: &String| WebhookTarget {
        url: format!(
            "http://127.0.0.1:{}/gateway/events/{DEFAULT_ACCOUNT}",
            config.server.listen.port()
        ),
        secret: secret.clone(),
    };
    settings.webhooks = gateway.webhook_secrets.iter().take(1).map(tell).collect();
    settings.control = if sandbox.control {
        Control::Enabled
    } else {
        Control::Disabled
    };
    settings
}

/// Runs until it is told to stop.
///
/// # Errors
/// When its file or port cannot be opened.
pub async fn run(config: Config) -> Result<(), Failure> {
    println!("The payment sandbox listens on http://{}", config.sandbox.listen);
    sandbox::serve(settings(&config), stopped()).await?;
    Ok(())
}
