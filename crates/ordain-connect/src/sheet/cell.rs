//! Turns one workbook cell into the text a person would type: decimals without binary noise, dates as ISO 8601.
//! Excel itself shows fifteen significant digits, so that is what a number is rounded to.

use calamine::{Data, ExcelDateTime};

pub(super) fn text(cell: Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text,
        Data::Int(number) => number.to_string(),
        Data::Float(number) => decimal(number),
        Data::Bool(yes) => yes.to_string(),
        Data::DateTime(moment) => moment_text(moment),
        Data::DateTimeIso(iso) => iso.strip_suffix("T00:00:00").map(str::to_owned).unwrap_or(iso),
        Data::DurationIso(iso) => iso,
        Data::Error(error) => error.to_string(),
    }
}

fn decimal(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    // `{:.14e}` is fifteen significant digits; parsing it back gives the shortest text for that value.
    match format!("{number:.14e}").parse::<f64>() {
        Ok(rounded) => rounded.to_string(),
        Err(_) => number.to_string(),
    }
}

/// Serial numbers that Excel itself would show as `####`, negative or past the year 9999, stay numbers.
const LAST_SERIAL: f64 = 2_958_466.0;

fn moment_text(moment: ExcelDateTime) -> String {
    let serial = moment.as_f64();
    if !(0.0..LAST_SERIAL).contains(&serial) {
        return decimal(serial);
    }
    if moment.is_duration() {
        let seconds = (serial * 86_400.0).round() as u64;
        return format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if serial < 1.0 {
        return format!("{hour:02}:{minute:02}:{second:02}");
    }
    if (hour, minute, second) == (0, 0, 0) {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn numbers_come_out_as_a_person_would_type_them() {
        for (number, expected) in [
            (0.1 + 0.2, "0.3"),
            (125.43999999999998, "125.44"),
            (10.0, "10"),
            (-0.0, "0"),
            (1e15, "1000000000000000"),
            (0.00001, "0.00001"),
        ] {
            assert_eq!(text(Data::Float(number)), expected);
        }
    }

    #[test]
    fn dates_come_out_as_iso() {
        let date =
            |serial| text(Data::DateTime(ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, false)));
        assert_eq!(date(46_357.0), "2026-12-01");
        assert_eq!(date(46_357.5), "2026-12-01T12:00:00");
        assert_eq!(date(0.25), "06:00:00");
        assert_eq!(date(-3.0), "-3");
        let lasting = ExcelDateTime::new(1.5, ExcelDateTimeType::TimeDelta, false);
        assert_eq!(text(Data::DateTime(lasting)), "36:00:00");
    }
}
