//! A QR code as one drawing, in the page itself: nobody else learns what it says, and no policy needs a hole for it.

use crate::css;
use crate::markup::view;
use leptos::prelude::*;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// Empty squares around the code, without which phones do not find it.
const QUIET: usize = 4;

/// A QR code; nothing when the text is too long for one.
#[component]
pub(super) fn Qr(
    /// What it says.
    text: String,
    /// What it is, for who does not see it.
    label: &'static str,
) -> impl IntoView {
    drawing(&text).map(|(size, path)| {
        let frame = format!("0 0 {size} {size}");
        view! { <svg class=css::QR viewBox=frame role="img" aria-label=label><path d=path/></svg> }
    })
}

/// Squares of a side, with the empty ones around, and the outline of all dark ones: a bar for each run of a row.
fn drawing(text: &str) -> Option<(usize, String)> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::with_capacity(8 * 1024);
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                let length = run.len();
                // Writing into a string cannot fail.
                let _ = write!(path, "M{} {}h{length}v1h-{length}z", x + QUIET, y + QUIET);
            }
            x += run.len();
        }
    }
    Some((width + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_square_is_drawn_once() {
        let text = domain::second_factor::uri("ada@new.example", &"A".repeat(32));
        let (size, path) = drawing(&text).unwrap();
        let code = QrCode::with_error_correction_level(&text, EcLevel::M).unwrap();
        let dark = code
            .to_colors()
            .iter()
            .filter(|color| **color == Color::Dark)
            .count();
        let drawn: usize = path
            .split('h')
            .filter_map(|part| {
                part.strip_suffix(|c: char| c == 'z' || c == 'v')
                    .or(part.split('v').next())
            })
            .filter_map(|length| length.parse::<usize>().ok())
            .sum();
        assert_eq!(drawn, dark);
        assert_eq!(size, code.width() + 8);
        assert!(path.starts_with("M4 4h7v1h-7z"), "the first corner: {path:.20}");
        assert!(drawing(&"x".repeat(10_000)).is_none());
    }
}
