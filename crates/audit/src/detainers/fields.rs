//! The columns of the releases, under every name they have had.

/// A column that the replay reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Field {
    /// The day the detainer was issued.
    Prepared,
    /// The state of the facility.
    State,
    /// The city of the facility.
    City,
    /// ICE's area of responsibility.
    Area,
    /// The facility's name.
    Facility,
    /// The facility's code.
    FacilityCode,
    /// The day of departure from the country.
    Departed,
    /// The country of departure.
    DepartureCountry,
    /// Convicted, pending charges, or other.
    Criminality,
    /// The label of the most serious conviction.
    Charge,
    /// The code of the most serious conviction.
    ChargeCode,
    /// The day of that charge.
    ChargeDate,
    /// The day of that conviction.
    ConvictionDate,
    /// The sentence's days.
    SentenceDays,
    /// The sentence's months.
    SentenceMonths,
    /// The sentence's years.
    SentenceYears,
    /// How ICE disposed of the matter.
    Disposition,
    /// The case category.
    Category,
    /// Whether a final order exists.
    FinalOrder,
    /// The day of that order.
    FinalOrderDate,
    /// The day on which ICE arrested the person.
    Apprehended,
    /// The day of entry.
    Entered,
    /// Illegal re-entry was ticked.
    Reentry,
    /// Box 1: removal was ordered.
    Ordered,
    /// Box 1: proceedings are pending.
    Proceedings,
    /// Box 1: biometric match.
    Biometric,
    /// Box 1: statements made.
    Statements,
    /// Box 2: custody will be resumed.
    Resume,
    /// Why the detainer was lifted.
    LiftReason,
    /// The letter of that reason.
    LiftCode,
    /// The form.
    Kind,
    /// The person's identifier within one release.
    Identifier,
    /// The sheet that the row stood in.
    Sheet,
    /// The row's number in the original file.
    Row,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 34] = [
        Self::Prepared,
        Self::State,
        Self::City,
        Self::Area,
        Self::Facility,
        Self::FacilityCode,
        Self::Departed,
        Self::DepartureCountry,
        Self::Criminality,
        Self::Charge,
        Self::ChargeCode,
        Self::ChargeDate,
        Self::ConvictionDate,
        Self::SentenceDays,
        Self::SentenceMonths,
        Self::SentenceYears,
        Self::Disposition,
        Self::Category,
        Self::FinalOrder,
        Self::FinalOrderDate,
        Self::Apprehended,
        Self::Entered,
        Self::Reentry,
        Self::Ordered,
        Self::Proceedings,
        Self::Biometric,
        Self::Statements,
        Self::Resume,
        Self::LiftReason,
        Self::LiftCode,
        Self::Kind,
        Self::Identifier,
        Self::Sheet,
        Self::Row,
    ];

    /// The fields that hold days.
    pub(crate) const DAYS: [Self; 7] =
        [Self::Prepared, Self::Departed, Self::ChargeDate, Self::ConvictionDate, Self::FinalOrderDate, Self::Apprehended, Self::Entered];

    /// Its name in the processed layout, and those of other releases in the spelling of [`key`].
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Prepared => &["detainer_prepare_date", "prepare_date", "detainer_prepared_date"],
            Self::State => &["facility_state", "state", "detainer_detention_facility_state"],
            Self::City => &["facility_city", "city", "detainer_detention_facility_city"],
            Self::Area => &["facility_aor", "aor"],
            Self::Facility => &["detention_facility", "detainer_facility", "detainer_detention_facility", "facility"],
            Self::FacilityCode => {
                &["detention_facility_code", "detainer_facility_code", "detainer_detention_facility_code", "facility_code"]
            }
            Self::Departed => &["departed_date"],
            Self::DepartureCountry => &["departure_country"],
            Self::Criminality => &["detainer_prepared_criminality", "detainer_criminality"],
            Self::Charge => &["most_serious_conviction_charge", "msc_charge", "most_serious_conviction_msc_charge"],
            Self::ChargeCode => &["msc_charge_code", "most_serious_conviction_msc_charge_code", "most_serious_conviction_charge_code"],
            Self::ChargeDate => &["msc_charge_date"],
            Self::ConvictionDate => &["msc_conviction_date"],
            Self::SentenceDays => &["msc_sentence_days"],
            Self::SentenceMonths => &["msc_sentence_months"],
            Self::SentenceYears => &["msc_sentence_years"],
            Self::Disposition => &["processing_disposition"],
            Self::Category => &["case_category"],
            Self::FinalOrder => &["final_order_yes_no", "final_order_yes_no_33", "final_order_yes_no_56"],
            Self::FinalOrderDate => &["final_order_date"],
            Self::Apprehended => &["apprehension_date"],
            Self::Entered => &["entry_date"],
            Self::Reentry => &["illegal_reentry_yes_no"],
            Self::Ordered => &["deportation_ordered_yes_no"],
            Self::Proceedings => &["order_show_cause_served_yes_no", "order_to_show_cause_served_yes_no"],
            Self::Biometric => &["biometric_match_yes_no"],
            Self::Statements => &["statements_made_yes_no"],
            Self::Resume => &["resume_custody_yes_no"],
            Self::LiftReason => &["detainer_lift_reason"],
            Self::LiftCode => &["detainer_lift_reason_code"],
            Self::Kind => &["detainer_type"],
            Self::Identifier => &["unique_identifier", "anonymized_identifier"],
            Self::Sheet => &["sheet_original"],
            Self::Row => &["row_original"],
        }
    }

    /// Its name in the processed layout.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.names().first().copied().unwrap_or_default()
    }

    /// The field that a header names, in any spelling.
    #[must_use]
    pub fn of(header: &str) -> Option<Self> {
        let key = key(header);
        Self::ALL.into_iter().find(|field| field.names().contains(&key.as_str()))
    }
}

/// A header in one spelling: small letters, single underscores.
fn key(header: &str) -> String {
    let mut key = String::with_capacity(header.len());
    for letter in header.trim().trim_start_matches('\u{feff}').chars() {
        if letter.is_ascii_alphanumeric() {
            key.push(letter.to_ascii_lowercase());
        } else if !key.is_empty() && !key.ends_with('_') {
            key.push('_');
        }
    }
    key.trim_end_matches('_').to_owned()
}

/// Columns that only say where a row came from, or that the publisher added: two rows that differ in nothing else are one row twice.
pub(crate) fn is_about_the_row(header: &str) -> bool {
    matches!(key(header).as_str(), "row_original" | "row" | "duplicate_likely")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_release_names_its_columns_otherwise() {
        for (header, field) in [
            ("Detainer Prepare Date", Field::Prepared),
            ("Prepare Date", Field::Prepared),
            ("Detention Facility Code", Field::FacilityCode),
            ("Detainer Facility", Field::Facility),
            ("Detainer Criminality", Field::Criminality),
            ("Detainer Prepared Criminality", Field::Criminality),
            ("Most Serious Conviction (MSC) Charge", Field::Charge),
            ("MSC Charge Code", Field::ChargeCode),
            ("Order to Show Cause Served Yes No", Field::Proceedings),
            ("Final Order Yes No 56", Field::FinalOrder),
            ("Unique Identifier", Field::Identifier),
            ("Anonymized Identifier", Field::Identifier),
            ("\u{feff}detainer_lift_reason", Field::LiftReason),
        ] {
            assert_eq!(Field::of(header), Some(field), "{header}");
        }
        assert_eq!(Field::of("Birth Date"), None);
    }

    #[test]
    fn fields_stand_at_their_numbers() {
        assert!(Field::ALL.iter().enumerate().all(|(at, field)| *field as usize == at));
    }
}
