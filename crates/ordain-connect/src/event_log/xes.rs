//! XES (IEEE 1849): one trace for each order.

use super::{LogEvent, Trace, instant};
use quick_xml::escape::escape;
use std::io::{self, Write};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace"><string key="concept:name" value="-"/></global>
<global scope="event"><string key="concept:name" value="-"/><date key="time:timestamp" value="1970-01-01T00:00:00.000000Z"/><string key="lifecycle:transition" value="complete"/></global>
<classifier name="Activity" keys="concept:name lifecycle:transition"/>
<string key="lifecycle:model" value="standard"/>
"#;

/// Writes a log order by order.
pub struct XesWriter<W> {
    out: W,
}

impl<W: Write> XesWriter<W> {
    /// # Errors
    /// What the output says; so with every part.
    pub fn begin(mut out: W) -> io::Result<Self> {
        out.write_all(HEAD.as_bytes())?;
        Ok(Self { out })
    }

    pub fn trace(&mut self, trace: &Trace) -> io::Result<()> {
        self.out.write_all(b"<trace>")?;
        for (name, value) in &trace.order.facts {
            match *name {
                "number" => self.text("concept:name", value)?,
                name => self.text(name, value)?,
            }
        }
        self.out.write_all(b"\n")?;
        trace.events.iter().try_for_each(|event| self.event(event))?;
        self.out.write_all(b"</trace>\n")
    }

    fn event(&mut self, event: &LogEvent) -> io::Result<()> {
        self.out.write_all(b"<event>")?;
        self.text("concept:name", &event.activity)?;
        self.text("lifecycle:transition", event.transition.name())?;
        write!(self.out, "<date key=\"time:timestamp\" value=\"{}\"/>", instant(event.at_us))?;
        self.text("org:resource", &event.resource)?;
        for (name, value) in [("org:group", &event.department), ("decision", &event.decision)] {
            if let Some(value) = value {
                self.text(name, value)?;
            }
        }
        self.out.write_all(b"</event>\n")
    }

    fn text(&mut self, key: &str, value: &str) -> io::Result<()> {
        // XML knows no way to write most control characters.
        let value: String =
            value.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r')).collect();
        write!(self.out, "<string key=\"{key}\" value=\"{}\"/>", escape(value.as_str()))
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.out.write_all(b"</log>\n")?;
        self.out.flush()
    }
}
