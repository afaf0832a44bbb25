//! A round reaches everybody, however many cannot be written to.

use super::*;

#[tokio::test]
async fn who_cannot_be_written_to_keeps_nobody_waiting() {
    let world = World::new().await;
    switched_on(&world).await;
    let scope: crate::Scope<SendMail> = world.acme().scope();
    let rules = read::rules(&scope).await.unwrap();
    world.daisy().invoice("10.00").due(-9).await;
    world.party("Elm").invoice("20.00").due(-9).await;
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let some = crate::reminders::run::waiting(&scope, &rules, after)
            .await
            .unwrap();
        after = some.last().cloned();
        seen.extend(some);
        if after.is_none() {
            break;
        }
    }
    let mut accounts = [world.daisy().account().0, world.party("Elm").account().0];
    accounts.sort_unstable();
    assert_eq!(
        seen.iter().map(|(account, _)| *account).collect::<Vec<_>>(),
        accounts
    );
    assert_eq!(run(&world).await, 2);
}
