//! The portal dies at one of the awaits of an act, or nobody waits for it any more: the future is dropped where it waits.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

/// Lets a future wait so many times and drops it at the next one. None when it had not come to its end by then.
pub(crate) async fn dies_after<F: Future>(awaits: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = awaits;
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}
