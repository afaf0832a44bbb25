//! The portal's icons, drawn on a 16-pixel grid. Decoration only: what an icon says stands beside it in words.

use crate::markup::view;
use leptos::prelude::*;

/// An icon of the set; its colour and size come from the text around it.
#[component]
pub fn Icon(
    /// Which one.
    of: Glyph,
    /// Twenty pixels instead of sixteen.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let class = if large { "icon large" } else { "icon" };
    // The drawings are constants of this file.
    view! { <svg class=class viewBox="0 0 16 16" aria-hidden="true" inner_html=of.drawing()></svg> }
}

/// Names of the icons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// `house`
    House,
    /// `search`
    Search,
    /// `filter`
    Filter,
    /// `chevron-down`
    ChevronDown,
    /// `chevron-left`
    ChevronLeft,
    /// `chevron-right`
    ChevronRight,
    /// `chevrons`
    Chevrons,
    /// `eye`
    Eye,
    /// `card`
    Card,
    /// `check`
    Check,
    /// `check-circle`
    CheckCircle,
    /// `clock`
    Clock,
    /// `alert`
    Alert,
    /// `info`
    Info,
    /// `ban`
    Ban,
    /// `circle`
    Circle,
    /// `half`
    Half,
    /// `dashed`
    Dashed,
    /// `file`
    File,
    /// `upload`
    Upload,
    /// `download`
    Download,
    /// `x`
    X,
    /// `plus`
    Plus,
    /// `user`
    User,
    /// `building`
    Building,
    /// `menu`
    Menu,
    /// `help`
    Help,
    /// `mail`
    Mail,
    /// `arrow-right`
    ArrowRight,
    /// `sort-up`
    SortUp,
    /// `sort-down`
    SortDown,
    /// `list`
    List,
    /// `lock`
    Lock,
    /// `leave`
    Leave,
    /// `print`
    Print,
    /// `refresh`
    Refresh,
    /// `trash`
    Trash,
}

impl Glyph {
    const fn drawing(self) -> &'static str {
        match self {
            Self::House => {
                r#"<path d="M2.5 7.25 8 2.5l5.5 4.75v5.5a.75.75 0 0 1-.75.75h-3v-4h-3.5v4h-3a.75.75 0 0 1-.75-.75z"/>"#
            }
            Self::Search => r#"<circle cx="7" cy="7" r="4.25"/><path d="m10.25 10.25 3.25 3.25"/>"#,
            Self::Filter => r#"<path d="M2.5 4.25h11M4.75 8h6.5M6.75 11.75h2.5"/>"#,
            Self::ChevronDown => r#"<path d="m4.5 6.25 3.5 3.5 3.5-3.5"/>"#,
            Self::ChevronLeft => r#"<path d="M9.75 4.5 6.25 8l3.5 3.5"/>"#,
            Self::ChevronRight => r#"<path d="M6.25 4.5 9.75 8l-3.5 3.5"/>"#,
            Self::Chevrons => r#"<path d="m5.25 6 2.75-2.75L10.75 6M5.25 10 8 12.75 10.75 10"/>"#,
            Self::Eye => {
                r#"<path d="M1.75 8S4 3.75 8 3.75 14.25 8 14.25 8 12 12.25 8 12.25 1.75 8 1.75 8z"/><circle cx="8" cy="8" r="1.9"/>"#
            }
            Self::Card => {
                r#"<rect x="1.75" y="3.25" width="12.5" height="9.5" rx="1.5"/><path d="M1.75 6.5h12.5M4.5 10h2"/>"#
            }
            Self::Check => r#"<path d="m3.25 8.5 3.25 3.25 6.25-7"/>"#,
            Self::CheckCircle => r#"<circle cx="8" cy="8" r="6"/><path d="m5.5 8.25 1.75 1.75 3.25-3.75"/>"#,
            Self::Clock => r#"<circle cx="8" cy="8" r="6"/><path d="M8 4.75V8l2.25 1.5"/>"#,
            Self::Alert => r#"<circle cx="8" cy="8" r="6"/><path d="M8 5v3.25M8 10.9v.01"/>"#,
            Self::Info => r#"<circle cx="8" cy="8" r="6"/><path d="M8 7.5V11M8 5.1v.01"/>"#,
            Self::Ban => r#"<circle cx="8" cy="8" r="6"/><path d="m3.8 3.8 8.4 8.4"/>"#,
            Self::Circle => r#"<circle cx="8" cy="8" r="6"/>"#,
            Self::Half => {
                r#"<circle cx="8" cy="8" r="6"/><path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" stroke="none"/>"#
            }
            Self::Dashed => r#"<circle cx="8" cy="8" r="6" stroke-dasharray="2.4 2.3"/>"#,
            Self::File => {
                r#"<path d="M9.25 1.75H4a.75.75 0 0 0-.75.75v11c0 .41.34.75.75.75h8a.75.75 0 0 0 .75-.75V5.25z"/><path d="M9.25 1.75v3.5h3.5"/>"#
            }
            Self::Upload => {
                r#"<path d="M8 10.5V2.75M4.75 6 8 2.75 11.25 6"/><path d="M2.5 10.5v2a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-2"/>"#
            }
            Self::Download => {
                r#"<path d="M8 2.75v7.75M4.75 7.25 8 10.5l3.25-3.25"/><path d="M2.5 10.5v2a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-2"/>"#
            }
            Self::X => r#"<path d="m4 4 8 8M12 4l-8 8"/>"#,
            Self::Plus => r#"<path d="M8 3v10M3 8h10"/>"#,
            Self::User => {
                r#"<circle cx="8" cy="5.25" r="2.75"/><path d="M2.75 13.75c.5-2.6 2.5-4 5.25-4s4.75 1.4 5.25 4"/>"#
            }
            Self::Building => {
                r#"<path d="M3 13.75V3a.75.75 0 0 1 .75-.75h5.5A.75.75 0 0 1 10 3v10.75M10 6.5h2.25a.75.75 0 0 1 .75.75v6.5M1.75 13.75h12.5M5.5 5.25h2M5.5 8h2M5.5 10.75h2"/>"#
            }
            Self::Menu => r#"<path d="M2.5 4.25h11M2.5 8h11M2.5 11.75h11"/>"#,
            Self::Help => {
                r#"<circle cx="8" cy="8" r="6"/><path d="M6.25 6.4a1.8 1.8 0 0 1 3.5.35C9.75 8 8 8.2 8 9.25M8 11.4v.01"/>"#
            }
            Self::Mail => {
                r#"<rect x="1.75" y="3.25" width="12.5" height="9.5" rx="1.5"/><path d="m2.25 4.75 5.75 4.5 5.75-4.5"/>"#
            }
            Self::ArrowRight => r#"<path d="M3 8h10M9 4l4 4-4 4"/>"#,
            Self::SortUp => r#"<path d="M8 12.75v-9.5M4.25 7 8 3.25 11.75 7"/>"#,
            Self::SortDown => r#"<path d="M8 3.25v9.5M4.25 9 8 12.75 11.75 9"/>"#,
            Self::List => {
                r#"<path d="M5.75 4.25h7.75M5.75 8h7.75M5.75 11.75h7.75M2.5 4.25v.01M2.5 8v.01M2.5 11.75v.01"/>"#
            }
            Self::Lock => {
                r#"<rect x="3" y="7" width="10" height="6.75" rx="1.25"/><path d="M5.25 7V5a2.75 2.75 0 0 1 5.5 0v2"/>"#
            }
            Self::Leave => {
                r#"<path d="M6.25 13.5H3.5a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1h2.75M10.25 11l3-3-3-3M13 8H6.5"/>"#
            }
            Self::Print => {
                r#"<path d="M4.5 6V2.25h7V6M4.5 11.5H3a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v3.5a1 1 0 0 1-1 1h-1.5"/><path d="M4.5 9.5h7v4.25h-7z"/>"#
            }
            Self::Refresh => r#"<path d="M13.25 8A5.25 5.25 0 1 1 11.5 4.1l1.75 1.65M13.25 2.5v3.25H10"/>"#,
            Self::Trash => {
                r#"<path d="M2.75 4.25h10.5M6 4.25v-1.5h4v1.5M4 4.25l.6 8.55c.04.54.48.95 1 .95h4.8c.53 0 .97-.41 1-.95L12 4.25"/>"#
            }
        }
    }
}
