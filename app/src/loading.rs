//! What a page loads, and how it travels inside the page.
//!
//! Every page waits for something of another type. The machinery that waits, and wakes what was drawn on the server, is
//! built once over values without a type; only reading a value knows what it is. A resource per type would be compiled
//! once for each and makes a page a tenth larger (docs/SIZE.md).

use crate::error::AppError;
use leptos::{
    prelude::*,
    server::codee::{Decoder, Encoder},
};
use serde::{Serialize, de::DeserializeOwned};
#[cfg(feature = "ssr")]
use std::str::FromStr;
use std::{any::Any, future::Future, marker::PhantomData, pin::Pin, sync::Arc};

type Anything = dyn Any + Send + Sync;

/// Something a page loads: a `T` or what went wrong.
pub struct Loading<T> {
    resource: Resource<Loaded, Form>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Loading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loading<T> {}

impl<T> Loading<T> {
    /// Loads it again.
    pub fn refetch(&self) {
        self.resource.refetch();
    }

    /// The same without its type, for what only waits.
    pub(crate) fn untyped(self) -> Resource<Loaded, Form> {
        self.resource
    }
}

/// Loads what the id in the page's address names; an address that holds none names nothing.
#[cfg(feature = "ssr")]
pub fn load_named<T, I, Fut>(fetch: impl Fn(I) -> Fut + Clone + Send + Sync + 'static) -> Loading<T>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    I: FromStr + PartialEq + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<T, AppError>> + Send + 'static,
{
    let params = leptos_router::hooks::use_params_map();
    load(
        move || params.read().get("id").and_then(|id| id.parse::<I>().ok()),
        move |id| {
            let found = id.map(&fetch);
            async move {
                match found {
                    Some(found) => found.await,
                    None => Err(AppError::NotFound),
                }
            }
        },
    )
}

/// Loads something again whenever its source changes; what the server loaded travels in the page.
pub fn load<T, S, Fut>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetch: impl Fn(S) -> Fut + Send + Sync + 'static,
) -> Loading<T>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    S: PartialEq + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<T, AppError>> + Send + 'static,
{
    let source = move || Source {
        value: Arc::new(source()),
        same: |one, other| match (one.downcast_ref::<S>(), other.downcast_ref::<S>()) {
            (Some(one), Some(other)) => one == other,
            _ => false,
        },
    };
    let fetch = move |from: &Source| -> Pin<Box<dyn Future<Output = Loaded> + Send>> {
        let fetched = from.value.downcast_ref::<S>().cloned().map(&fetch);
        Box::pin(async move {
            match fetched {
                Some(fetched) => Loaded::new(fetched.await),
                None => Loaded::new(Err::<T, _>(AppError::Failed { id: String::new() })),
            }
        })
    };
    Loading {
        resource: untyped(Box::new(source), Box::new(fetch)),
        of: PhantomData,
    }
}

type Fetch = dyn Fn(&Source) -> Pin<Box<dyn Future<Output = Loaded> + Send>> + Send + Sync;

fn untyped(source: Box<dyn Fn() -> Source + Send + Sync>, fetch: Box<Fetch>) -> Resource<Loaded, Form> {
    Resource::new_with_options(source, move |source| fetch(&source), false)
}

/// What something is loaded from, comparable with the one before.
#[derive(Clone)]
struct Source {
    value: Arc<Anything>,
    same: fn(&Anything, &Anything) -> bool,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        (self.same)(&*self.value, &*other.value)
    }
}

/// A loaded value or what went wrong, of any type.
#[derive(Clone)]
pub(crate) enum Loaded {
    /// It was loaded here.
    Here {
        value: Arc<Anything>,
        #[cfg(feature = "ssr")]
        pack: fn(&Anything) -> Result<Vec<u8>, postcard::Error>,
    },
    /// The server loaded it and wrote it into the page.
    Sent(Arc<[u8]>),
}

impl Loaded {
    fn new<T: Serialize + Send + Sync + 'static>(value: Result<T, AppError>) -> Self {
        Self::Here {
            value: Arc::new(value),
            #[cfg(feature = "ssr")]
            pack: |value| postcard::to_allocvec(&value.downcast_ref::<Result<T, AppError>>()),
        }
    }

    /// Reads it as what it was loaded as.
    pub(crate) fn read<T: DeserializeOwned + Clone + 'static>(&self) -> Result<T, AppError> {
        let read = match self {
            Self::Here { value, .. } => value.downcast_ref::<Result<T, AppError>>().cloned(),
            Self::Sent(bytes) => postcard::from_bytes::<Option<Result<T, AppError>>>(bytes)
                .ok()
                .flatten(),
        };
        read.unwrap_or_else(|| Err(AppError::Failed { id: String::new() }))
    }
}

/// How [`Loaded`] stands in a page: in the compact form of [`crate::wire`].
pub(crate) struct Form;

impl Encoder<Loaded> for Form {
    type Error = postcard::Error;
    type Encoded = Vec<u8>;

    fn encode(loaded: &Loaded) -> Result<Vec<u8>, Self::Error> {
        match loaded {
            #[cfg(feature = "ssr")]
            Loaded::Here { value, pack } => pack(&**value),
            // Only the server writes pages.
            #[cfg(not(feature = "ssr"))]
            Loaded::Here { .. } => Ok(Vec::new()),
            Loaded::Sent(bytes) => Ok(bytes.to_vec()),
        }
    }
}

impl Decoder<Loaded> for Form {
    type Error = postcard::Error;
    type Encoded = [u8];

    fn decode(bytes: &[u8]) -> Result<Loaded, Self::Error> {
        Ok(Loaded::Sent(bytes.into()))
    }
}
