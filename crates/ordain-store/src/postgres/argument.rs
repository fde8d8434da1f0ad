//! Parameters in the form in which they travel: one value, or one column of many sets as an array. Each is written once,
//! straight from the row it belongs to.

use bytes::{BufMut, BytesMut};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::StoreError;
use crate::sql::{Cell, Kind, Params};

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Argument {
    Null(Kind),
    One(Kind, BytesMut),
    Many(Column),
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Column {
    kind: Kind,
    values: BytesMut,
    length: i32,
    nulls: bool,
}

/// One set of parameters.
pub(super) fn one(parameters: &impl Params) -> Result<Vec<Argument>, StoreError> {
    let mut arguments = Vec::new();
    parameters.each(&mut |kind, cell| {
        let mut value = BytesMut::new();
        arguments.push(if put(cell, &mut value) { Argument::One(kind, value) } else { Argument::Null(kind) });
        Ok(())
    })?;
    Ok(arguments)
}

/// Many sets of parameters, column by column; none if there is no set.
pub(super) fn many<P: Params>(
    sets: impl IntoIterator<Item = P>,
) -> Result<Option<Vec<Argument>>, StoreError> {
    let mut columns: Vec<Column> = Vec::new();
    for (n, set) in sets.into_iter().enumerate() {
        let mut place = 0;
        set.each(&mut |kind, cell| {
            if n == 0 {
                columns.push(Column { kind, values: BytesMut::new(), length: 0, nulls: false });
            }
            let column = columns.get_mut(place).ok_or_else(|| StoreError::Bug("uneven sets".to_owned()))?;
            column.push(cell);
            place += 1;
            Ok(())
        })?;
    }
    Ok((!columns.is_empty()).then(|| columns.into_iter().map(Argument::Many).collect()))
}

pub(super) fn kinds(arguments: &[Argument]) -> Vec<Kind> {
    arguments.iter().map(Argument::kind).collect()
}

impl Argument {
    fn kind(&self) -> Kind {
        match self {
            Self::Null(kind) | Self::One(kind, _) => *kind,
            Self::Many(column) => column.kind,
        }
    }

    pub(super) fn type_of(&self) -> Type {
        match (self, self.kind()) {
            (Self::Many(_), Kind::Integer) => Type::INT8_ARRAY,
            (Self::Many(_), Kind::Text) => Type::TEXT_ARRAY,
            (Self::Many(_), Kind::Bytes) => Type::BYTEA_ARRAY,
            (_, kind) => element(kind),
        }
    }
}

impl Column {
    fn push(&mut self, cell: Cell<'_>) {
        let place = self.values.len();
        self.values.put_i32(-1);
        self.length += 1;
        if put(cell, &mut self.values) {
            let written = self.values.len() - place - 4;
            let written = i32::try_from(written).unwrap_or(i32::MAX);
            self.values[place..place + 4].copy_from_slice(&written.to_be_bytes());
        } else {
            self.nulls = true;
        }
    }
}

fn element(kind: Kind) -> Type {
    match kind {
        Kind::Integer => Type::INT8,
        Kind::Text => Type::TEXT,
        Kind::Bytes => Type::BYTEA,
    }
}

/// False for a null. PostgreSQL has no text with a zero in it: the sign for what cannot be shown stands in its place.
fn put(cell: Cell<'_>, out: &mut BytesMut) -> bool {
    match cell {
        Cell::Null => return false,
        Cell::Integer(number) => out.put_i64(number),
        Cell::Text(text) if text.contains('\0') => out.put_slice(text.replace('\0', "\u{FFFD}").as_bytes()),
        Cell::Text(text) => out.put_slice(text.as_bytes()),
        Cell::Bytes(bytes) => out.put_slice(bytes),
    }
    true
}

impl ToSql for Argument {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null(_) => return Ok(IsNull::Yes),
            Self::One(_, value) => out.put_slice(value),
            Self::Many(column) => {
                out.put_i32(1);
                out.put_i32(i32::from(column.nulls));
                out.put_u32(element(column.kind).oid());
                out.put_i32(column.length);
                out.put_i32(1);
                out.put_slice(&column.values);
            }
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
