//! The forms of a page, as a browser finds them: where they go, and what stands in their fields.
//!
//! It reads the portal's own pages only, whose markup is regular.

/// A form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// `get` or `post`.
    pub method: String,
    /// Where it goes.
    pub action: String,
    /// It is sent in parts, since it may carry a file.
    pub in_parts: bool,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

/// A field of a form that would be sent.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What stands in it.
    pub value: String,
    /// For fields that people type into, what kind of text.
    pub typed: Option<String>,
}

/// All forms of a page.
pub fn forms(page: &str) -> Vec<Form> {
    let (mut forms, mut open): (Vec<Form>, Option<Form>) = (Vec::new(), None);
    let mut select: Option<Field> = None;
    for piece in page.split('<').skip(1) {
        let (tag, text) = cut(piece);
        let name = tag.split([' ', '/', '\n']).next().unwrap_or_default();
        let of = |attribute: &str| attribute_of(tag, attribute);
        match name {
            "form" => {
                open = Some(Form {
                    method: of("method").unwrap_or_else(|| "get".to_owned()),
                    action: of("action").unwrap_or_default(),
                    in_parts: of("enctype").is_some_and(|kind| kind == "multipart/form-data"),
                    fields: Vec::new(),
                });
            }
            "input" => push(&mut open, input(tag)),
            "textarea" => {
                let typed = Some("text".to_owned());
                let field = of("name").map(|name| Field {
                    name,
                    value: plain(text),
                    typed,
                });
                push(&mut open, field);
            }
            "select" => {
                let value = String::new();
                select = of("name").map(|name| Field {
                    name,
                    value,
                    typed: None,
                });
            }
            "option" => {
                if let Some(field) = &mut select
                    && (field.value.is_empty() || has(tag, "selected"))
                {
                    field.value = of("value").unwrap_or_default();
                }
            }
            _ if tag.starts_with("/select") => push(&mut open, select.take()),
            _ if tag.starts_with("/form") => forms.extend(open.take()),
            _ => {}
        }
    }
    forms
}

fn push(open: &mut Option<Form>, field: Option<Field>) {
    if let (Some(form), Some(field)) = (open, field) {
        form.fields.push(field);
    }
}

/// What an input would send; nothing for what is not ticked, and for files and buttons.
fn input(tag: &str) -> Option<Field> {
    let name = attribute_of(tag, "name")?;
    let value = attribute_of(tag, "value").unwrap_or_default();
    let kind = attribute_of(tag, "type").unwrap_or_else(|| "text".to_owned());
    let typed = match kind.as_str() {
        "checkbox" | "radio" if !has(tag, "checked") => return None,
        "file" | "submit" | "button" => return None,
        "hidden" | "checkbox" | "radio" => None,
        "text" => Some(attribute_of(tag, "inputmode").unwrap_or(kind)),
        _ => Some(kind),
    };
    Some(Field { name, value, typed })
}

/// A tag, and the text behind it.
fn cut(piece: &str) -> (&str, &str) {
    let mut quoted = false;
    for (place, letter) in piece.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '>' if !quoted => return (&piece[..place], &piece[place + 1..]),
            _ => {}
        }
    }
    (piece, "")
}

fn has(tag: &str, attribute: &str) -> bool {
    tag.split([' ', '\n']).any(|word| {
        word.trim_end_matches('/')
            .strip_prefix(attribute)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    })
}

fn attribute_of(tag: &str, attribute: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {attribute}=\""))?;
    Some(plain(rest.split('"').next().unwrap_or_default()))
}

/// Without the few escapes that the portal writes.
fn plain(text: &str) -> String {
    [
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[test]
fn a_form_is_read_as_a_browser_does() {
    let page = "<p><form method=\"post\" action=\"/api/x?a=1&amp;b=2\"><input type=\"hidden\" name=\"id\" value=\"7\"/>\
                <input class=\"input\" name=\"note\" value=\"a &gt; b\"/><input type=\"checkbox\" name=\"off\"/>\
                <select name=\"kind\"><option value=\"a\">A</option><option value=\"b\" selected>B</option></select>\
                <textarea name=\"why\">because</textarea></form>";
    let all = forms(page);
    assert_eq!((all.len(), all[0].action.as_str()), (1, "/api/x?a=1&b=2"));
    let fields: Vec<(&str, &str, bool)> = all[0]
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.value.as_str(), field.typed.is_some()))
        .collect();
    assert_eq!(
        fields,
        [
            ("id", "7", false),
            ("note", "a > b", true),
            ("kind", "b", false),
            ("why", "because", true)
        ]
    );
}
