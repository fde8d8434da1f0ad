//! Whose calendar is which: the company's, overridden by the department, overridden by the person, minus leave.
//!
//! Layers are resolved once, when they are put together; a look-up is one search by name.

use super::rules::{CalendarRules, Layer};
use super::working::{Calendar, UnknownZone};
use std::collections::BTreeMap;

/// What the calendar of a person is made from.
#[derive(Clone, Debug, Default)]
pub struct PersonTime {
    pub department: Option<String>,
    pub layer: Layer,
    /// Instants from and until which the person is away; they may overlap.
    pub leave: Vec<(i64, i64)>,
}

/// All calendars of a company.
#[derive(Clone, Debug)]
pub struct Calendars {
    company: Calendar,
    departments: BTreeMap<String, Calendar>,
    people: BTreeMap<String, Calendar>,
}

impl Calendars {
    /// Resolves the layers: departments by code, people by login.
    ///
    /// # Errors
    /// If the company's time zone is not known.
    pub fn new(
        company: CalendarRules,
        departments: &BTreeMap<String, Layer>,
        people: BTreeMap<String, PersonTime>,
    ) -> Result<Self, UnknownZone> {
        let company = Calendar::new(company)?;
        let below = |above: &Calendar, layer: &Layer| match layer.is_empty() {
            true => above.clone(),
            false => above.with_rules(layer.over(above.rules())),
        };
        let departments: BTreeMap<String, Calendar> =
            departments.iter().map(|(code, layer)| (code.clone(), below(&company, layer))).collect();
        let person = |(login, time): (String, PersonTime)| {
            let above = time.department.and_then(|code| departments.get(&code)).unwrap_or(&company);
            (login, below(above, &time.layer).without(time.leave))
        };
        let people = people.into_iter().map(person).collect();
        Ok(Self { company, departments, people })
    }

    pub fn company(&self) -> &Calendar {
        &self.company
    }

    /// The calendar of a department; one without hours of its own has the company's.
    pub fn of_department(&self, code: &str) -> &Calendar {
        self.departments.get(code).unwrap_or(&self.company)
    }

    /// The calendar of a person; somebody unknown has the company's.
    pub fn of_person(&self, login: &str) -> &Calendar {
        self.people.get(login).unwrap_or(&self.company)
    }
}

impl From<Calendar> for Calendars {
    /// Everybody has the company's hours.
    fn from(company: Calendar) -> Self {
        Self { company, departments: BTreeMap::new(), people: BTreeMap::new() }
    }
}
