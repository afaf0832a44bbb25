//! Letters: mails that say something in a few lines and may carry one link.

use super::write::{SECRET, Words};
use std::fmt::Write;

/// A letter.
pub(crate) struct Letter<'a> {
    /// About what.
    pub(crate) subject: String,
    /// The lines before the link.
    pub(crate) lines: Vec<String>,
    /// What the link is called and where it leads; the secret is put behind it.
    pub(crate) link: Option<(&'a str, String)>,
    /// The lines after it.
    pub(crate) after: Vec<String>,
}

impl Letter<'_> {
    /// Subject and both parts.
    pub(crate) fn words(self) -> Words {
        let Self {
            subject,
            lines,
            link,
            after,
        } = self;
        let mut text = lines.join("\n\n");
        let mut html = String::from(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"></head>\
             <body style=\"margin:0;background:#ffffff;color:#18181b;font:14px/20px sans-serif\">\
             <div style=\"max-width:560px;margin:0 auto;padding:24px\">",
        );
        // Writing to a string cannot fail.
        let _ = write!(
            html,
            "<h1 style=\"font-size:20px;line-height:28px\">{}</h1>",
            escape(&subject)
        );
        let paragraph = |html: &mut String, line: &str, colour: &str| {
            let _ = write!(html, "<p style=\"color:{colour}\">{}</p>", escape(line));
        };
        for line in &lines {
            paragraph(&mut html, line, "#18181b");
        }
        if let Some((name, to)) = link {
            let _ = write!(text, "\n\n{name}:\n{to}{SECRET}");
            let _ = write!(
                html,
                "<p style=\"margin:24px 0\"><a href=\"{}{SECRET}\" style=\"display:inline-block;padding:10px 16px;\
                 border-radius:6px;background:#3538cd;color:#ffffff;text-decoration:none;font-weight:600\">{}</a></p>",
                escape(&to),
                escape(name),
            );
        }
        for line in &after {
            let _ = write!(text, "\n\n{line}");
            paragraph(&mut html, line, "#71717a");
        }
        text.push('\n');
        html.push_str("</div></body></html>");
        Words { subject, text, html }
    }
}

/// Text as it stands in HTML.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
