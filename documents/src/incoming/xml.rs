//! XML as small trees: the root's children come one by one, each with all that is in it.
//!
//! Document types and entities are refused before anything of them is read; depth, elements and bytes are bounded.
//! Elements are known by namespace and local name, whatever their prefix. Others are skipped.

use super::{
    limits::Limits,
    refused::FileRefused,
    xml_source::{Counted, broken, refused},
};
use quick_xml::{
    NsReader, XmlVersion,
    events::{BytesStart, Event},
    name::{Namespace, ResolveResult},
};
use std::io::BufRead;

/// An element with what is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Local name.
    pub name: String,
    /// Line of its start tag, from 1.
    pub line: u64,
    /// Attributes without a namespace.
    pub attributes: Vec<(String, String)>,
    /// Its own text, trimmed. Of embedded binaries only the length is kept, in `dropped`.
    pub text: String,
    /// Bytes of text that were not kept.
    pub dropped: usize,
    /// Elements of the two component namespaces.
    pub children: Vec<Self>,
}

impl Element {
    /// An attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first element on a path such as `Price/PriceAmount`.
    pub fn find(&self, path: &str) -> Option<&Self> {
        path.split('/').try_fold(self, |element, name| {
            element.children.iter().find(|child| child.name == name)
        })
    }

    /// Text of the first element on a path, none when empty.
    pub fn text_of(&self, path: &str) -> Option<&str> {
        self.find(path)
            .map(|element| element.text.as_str())
            .filter(|text| !text.is_empty())
    }

    /// Children of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// The only elements whose text is not kept: attachments are not imported and may be large.
const BINARY: &str = "EmbeddedDocumentBinaryObject";

/// Namespace of elements with text.
pub const BASIC: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";
/// Namespace of elements with elements.
pub const AGGREGATE: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";

/// Which elements are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Those of UBL's two component namespaces.
    Ubl,
    /// All, whatever their namespace: bank files carry their version in it.
    Any,
}

/// Reads one document.
pub struct XmlReader<R> {
    reader: NsReader<Counted<R>>,
    kept: Kept,
    buffer: Vec<u8>,
    limits: Limits,
    elements: usize,
    depth: usize,
    root_done: bool,
}

/// One thing of a document.
enum Node {
    Start {
        element: Element,
        ours: bool,
        empty: bool,
    },
    End,
    Text(String),
    Eof,
}

impl<R: BufRead> XmlReader<R> {
    /// Begins at the start of the document.
    pub fn new(text: R, kept: Kept, limits: Limits) -> Self {
        let counted = Counted::new(text, limits.xml_bytes);
        let reader = NsReader::from_reader(counted);
        Self {
            reader,
            kept,
            buffer: Vec::new(),
            limits,
            elements: 0,
            depth: 0,
            root_done: false,
        }
    }

    /// The root's namespace and name; the reader stands behind its start tag.
    ///
    /// # Errors
    /// [`FileRefused::BrokenXml`] and all that the reading of an element may find.
    pub fn root(&mut self) -> Result<(String, String), FileRefused> {
        loop {
            self.buffer.clear();
            let line = self.line();
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => return Err(refused(&error, line)),
            };
            match event {
                Event::Start(start) => {
                    let (space, name) = self.reader.resolver().resolve_element(start.name());
                    let space = if let ResolveResult::Bound(Namespace(space)) = space {
                        space
                    } else {
                        ""
                    };
                    let name = name.as_ref().to_owned();
                    self.depth = 1;
                    return Ok((space.to_owned(), name));
                }
                Event::Empty(start) => {
                    return Err(FileRefused::WrongRoot {
                        root: format!("an empty {}", start.local_name().as_ref()),
                    });
                }
                Event::DocType(_) | Event::GeneralRef(_) => return Err(FileRefused::XmlEntities { line }),
                Event::Text(text) if !text.trim().is_empty() => {
                    return Err(broken(line, "text before the document"));
                }
                Event::Eof => return Err(broken(line, "there is no document")),
                Event::Text(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::End(_) => {}
            }
        }
    }

    /// The root's next child in one of the component namespaces; none when the document ends.
    ///
    /// # Errors
    /// As [`XmlReader::root`].
    pub fn child(&mut self) -> Result<Option<Element>, FileRefused> {
        while !self.root_done {
            match self.next()? {
                Node::Start {
                    element,
                    ours: true,
                    empty: true,
                } => return Ok(Some(element)),
                Node::Start {
                    element,
                    ours: true,
                    empty: false,
                } => return self.filled(element).map(Some),
                Node::Start {
                    ours: false,
                    empty: false,
                    ..
                } => self.skip()?,
                Node::Start {
                    ours: false,
                    empty: true,
                    ..
                }
                | Node::Text(_) => {}
                Node::End => {
                    self.root_done = true;
                    self.depth = 0;
                }
                Node::Eof => return Err(broken(self.line(), "the document ends within an element")),
            }
        }
        self.nothing_more()
    }

    /// Line that the reader has come to.
    pub fn line(&self) -> u64 {
        self.reader.get_ref().line
    }

    /// Behind the root there may be blanks and comments only.
    fn nothing_more(&mut self) -> Result<Option<Element>, FileRefused> {
        loop {
            match self.next()? {
                Node::Text(text) if text.trim().is_empty() => {}
                Node::Eof => return Ok(None),
                Node::Start { .. } | Node::End | Node::Text(_) => {
                    return Err(broken(self.line(), "something follows the document"));
                }
            }
        }
    }

    /// Reads what is in an element, up to its end tag.
    fn filled(&mut self, start: Element) -> Result<Element, FileRefused> {
        // A stack instead of recursion: the depth comes from the file.
        let mut stack = vec![start];
        self.depth += 1;
        while let Some(mut top) = stack.pop() {
            match self.next()? {
                Node::Start {
                    element,
                    ours: true,
                    empty: true,
                } => {
                    top.children.push(element);
                    stack.push(top);
                }
                Node::Start {
                    element,
                    ours: true,
                    empty: false,
                } => {
                    self.deeper()?;
                    stack.push(top);
                    stack.push(element);
                }
                Node::Start {
                    ours: false, empty, ..
                } => {
                    if !empty {
                        self.skip()?;
                    }
                    stack.push(top);
                }
                Node::Text(text) => {
                    if top.name == BINARY {
                        top.dropped += text.len();
                    } else {
                        top.text.push_str(&text);
                    }
                    stack.push(top);
                }
                Node::End => {
                    self.depth -= 1;
                    top.text = top.text.trim().to_owned();
                    match stack.last_mut() {
                        Some(parent) => parent.children.push(top),
                        None => return Ok(top),
                    }
                }
                Node::Eof => return Err(broken(self.line(), "the document ends within an element")),
            }
        }
        Err(broken(self.line(), "an element is missing"))
    }

    /// Reads over an element of a foreign namespace.
    fn skip(&mut self) -> Result<(), FileRefused> {
        let mut open = 1_usize;
        self.deeper()?;
        while open > 0 {
            match self.next()? {
                Node::Start { empty: false, .. } => {
                    self.deeper()?;
                    open += 1;
                }
                Node::Start { empty: true, .. } | Node::Text(_) => {}
                Node::End => {
                    self.depth -= 1;
                    open -= 1;
                }
                Node::Eof => return Err(broken(self.line(), "the document ends within an element")),
            }
        }
        Ok(())
    }

    fn deeper(&mut self) -> Result<(), FileRefused> {
        self.depth += 1;
        if self.depth > self.limits.xml_depth {
            return Err(FileRefused::XmlTooComplex { line: self.line() });
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Node, FileRefused> {
        loop {
            self.buffer.clear();
            let before = self.line();
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => return Err(refused(&error, before)),
            };
            let line = self.reader.get_ref().line;
            match event {
                Event::Start(start) => {
                    let (element, ours) = element_of(&self.reader, self.kept, &start, line)?;
                    self.count(line)?;
                    return Ok(Node::Start {
                        element,
                        ours,
                        empty: false,
                    });
                }
                Event::Empty(start) => {
                    let (element, ours) = element_of(&self.reader, self.kept, &start, line)?;
                    self.count(line)?;
                    return Ok(Node::Start {
                        element,
                        ours,
                        empty: true,
                    });
                }
                Event::End(_) => return Ok(Node::End),
                Event::Text(text) => return Ok(Node::Text(text.xml10_content().into_owned())),
                Event::CData(data) => return Ok(Node::Text(data.xml10_content().into_owned())),
                Event::GeneralRef(name) => {
                    let character = match name.resolve_char_ref() {
                        Ok(Some(character)) => Some(character),
                        Ok(None) => predefined(&name),
                        Err(error) => return Err(refused(&error, line)),
                    };
                    let character = character.ok_or(FileRefused::XmlEntities { line })?;
                    return Ok(Node::Text(character.to_string()));
                }
                Event::DocType(_) => return Err(FileRefused::XmlEntities { line: before }),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
                Event::Eof => return Ok(Node::Eof),
            }
        }
    }

    fn count(&mut self, line: u64) -> Result<(), FileRefused> {
        self.elements += 1;
        if self.elements > self.limits.xml_elements {
            return Err(FileRefused::XmlTooComplex { line });
        }
        Ok(())
    }
}

fn element_of<R>(
    reader: &NsReader<R>,
    kept: Kept,
    start: &BytesStart<'_>,
    line: u64,
) -> Result<(Element, bool), FileRefused> {
    let (space, name) = reader.resolver().resolve_element(start.name());
    let ours = match kept {
        Kept::Ubl => matches!(space, ResolveResult::Bound(Namespace(BASIC | AGGREGATE))),
        Kept::Any => true,
    };
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| broken(line, &error.to_string()))?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map_err(|error| refused(&error, line))?.into_owned();
        attributes.push((attribute.key.as_ref().to_owned(), value));
    }
    let name = name.as_ref().to_owned();
    Ok((
        Element {
            name,
            line,
            attributes,
            ..Element::default()
        },
        ours,
    ))
}

/// The five entities that every XML has.
fn predefined(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => None,
    }
}
