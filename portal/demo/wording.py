"""The demo's words: fictional residents, homes and complaints, and what both sides write. No rule lives here."""

from dataclasses import dataclass
from random import Random

# names with strokes between: as lists they would be mostly quotation marks
_FIRST = (
    "Mary|John|Aisha|Gareth|Siân|Mohammed|Grace|Piotr|Chloe|Daniel|Nia|Rhys|Angharad|Oluwatobi|Fatima|Harriet|Kevin|"
    "Zainab|Llŷr|Bronwen|Cerys|Iestyn|Amara|Dmitri|Yetunde|Xiaoming|Seán|Renée|Ibrahim|Maureen|Winston|Tegwen"
)
_LAST = (
    "O’Neil|Smith|Hussain|Llewellyn|Gwynedd-Pritchard|Begum|Kaczmarek|Johnson|Brown|ap Gruffydd|Ifans|Adebayo|Patel|"
    "Armstrong|Nguyen|Rahman|Morgan-Bevan|Owusu|Thomas|Clarke|Fernández|Wójcik|Ceallaigh|Taylor|Yıldız|Mbeki|Rowlands"
)
_STREETS = (
    "Mill Lane|Orchard Rise|Station Road|Quarry View|Canal Walk|Jubilee Court|Meadow Close|Foundry Street|Chapel Hill|"
    "Lighthouse Avenue|Heol y Bryn|Ffordd yr Afon|Tannery Row|Viaduct Gardens|Cowslip Way|Old Post Office Mews"
)
_TOWNS = "Kingsmere|Thornbury-upon-Wold|Saltmarsh|Fenwick|Northgate|Hazelbury|Aberllyn|Castlebridge|Pennywell|Eastmarch"
LONG_RESIDENT = "Esmeralda Wilhelmina Constantinopoulou-Featherstonehaugh & Bartholomew Oluwadamilare Constantinopoulou"
LONG_ADDRESS = (
    "Flat 117B, Third Floor, The Old Corn Exchange and Warehouse Apartments, 1–39 Llanfairpwllgwyngyll Terrace, "
    "Thornbury-upon-Wold, Kingsmere and the Marches ZZ98 7QX"
)

COMPLAINTS = (
    "Damp and mould in the bedroom. The resident says that two visits did not find the cause.",
    "A leak from the flat above, reported four times since the winter.",
    "No heating and hot water for three weeks. The boiler part was on order.",
    "Noise from a neighbour at night. The resident says that diary sheets went unanswered.",
    "The lift has been out of service for two months and the resident uses a wheelchair.",
    "A service charge for a garden that the resident cannot use.",
    "A kitchen replaced halfway: the cupboards and the sink are missing.",
    "A complaint at stage 1 that was never acknowledged.",
    "Draughty windows that do not close. The repair was marked as done and was not.",
    "Pests in the communal bin store, and in two flats next to it.",
    "A transfer on medical grounds that has waited since last year.",
    "Compensation offered at stage 2 that the resident has not received.",
    "An unsafe balcony door. The resident was told to keep it shut.",
    "Parking: the marked bay for a disabled resident is taken every evening.",
    "Gas safety visits made without notice, and a missed appointment for each.",
    "Roof tiles lost in a storm. Scaffolding has stood since then with no work.",
    "Staff conduct during a home visit. The resident asked for another officer.",
    "Rent account: a payment that was put on another resident’s account.",
)
MOVE_REASONS = {
    "landlord-procedure": "The landlord’s procedure has not ended. The resident agreed to see it through.",
    "referral-assessment": "The stage 2 response has been issued. We check whether the case is ours.",
    "evidence-gathering": "Within our jurisdiction. We need the landlord’s records.",
    "awaiting-investigation": "The information is complete. Ready for an investigator.",
    "under-investigation": "Taken up by an investigator.",
    "determined": "No failing found that asks for a remedy.",
    "determined-awaiting-action": "Failings found. The determination makes orders.",
    "review": "A review was asked for within three weeks, with new evidence.",
    "closed": "Nothing is left to do for either side.",
}
EARLY_CLOSURES = (
    "The resident accepted the landlord’s offer and withdrew the complaint.",
    "Outside our jurisdiction: the matter is before a court.",
    "The landlord put the matter right. The resident has confirmed it.",
)
# complaints and the findings on them: those of determinations without (False) and with (True) orders
FINDINGS: dict[bool, tuple[tuple[str, str], ...]] = {
    False: (
        ("no-maladministration", "The landlord’s response to the reports of noise."),
        ("reasonable-redress", "The landlord’s handling of the resident’s complaint."),
        ("outside-jurisdiction", "The level of the rent."),
        ("resolved-with-intervention", "The landlord’s response to the report of a leak."),
    ),
    True: (
        ("maladministration", "The landlord’s response to the reports of damp and mould."),
        ("severe-maladministration", "The landlord’s handling of the repairs to the heating and hot water."),
        ("service-failure", "The landlord’s handling of the resident’s complaint."),
        ("no-maladministration", "The landlord’s record keeping."),
        ("withdrawn", "The conduct of a member of the landlord’s staff."),
    ),
}
ORDERS = (
    ("apology", "Apologise to the resident in writing for the failings found in this determination."),
    ("compensation", "Pay the resident £650: £450 for the distress caused and £200 for the time and trouble."),
    ("repairs", "Complete the works listed in the surveyor’s report and make good the decoration."),
    ("inspection", "Have an independent surveyor inspect the home and send us and the resident the report."),
    ("training", "Train the staff who answer complaints on the time limits of the Complaint Handling Code."),
    ("case-review", "Review what went wrong in this case and tell us what you will do otherwise."),
)
RECOMMENDATIONS = (
    ("policy-review", "Review the damp and mould policy against our spotlight report."),
    ("training", "Consider training for contractors on how to record missed appointments."),
    ("other", "Offer the resident one person to speak to until the works are done."),
)
COMPLIED = (
    "We have done what the order asks. The documents show it.",
    "Done. The resident has confirmed it to us in writing.",
)
ORDER_RETURNS = (
    "The receipt does not show when the resident was paid. Please send the bank’s confirmation.",
    "The photographs show one room. Please send those of the others.",
)
REVIEW_TEXT = "We have found the contractor’s job sheets, which show visits that the determination says were not made."
REVIEW_LATE = "The job sheets were with a contractor that has closed. We received them after the three weeks."
TITLES = {
    "record-complaint": ("Record this complaint at stage 1", "Record the complaint and send us your acknowledgement"),
    "escalate-complaint": ("Move the complaint to stage 2", "Escalate the complaint and tell us the date"),
    "for-information": ("Read our letter", "For information: our letter of today"),
    "respond-to-request": (
        "Send the repair log and both responses",
        "Evidence request: damp and mould",
        "Send us your records of this complaint",
        "Tell us whether you agree to mediation",
    ),
    "confirm-compliance": ("Confirm that you have complied with our orders", "Send evidence that the orders are met"),
}
DETAILS = {
    "record-complaint": "Please record the complaint and upload your acknowledgement to the resident.",
    "escalate-complaint": "The resident asked for stage 2. Tell us when you escalated it and when you will answer.",
    "for-information": "Please read the letter with this task. You do not need to do anything else.",
    "respond-to-request": "Upload your tenancy record, repair log, both responses and photographs where you have them.",
    "confirm-compliance": "1. Apologise to the resident in writing.\n2. Pay the compensation.\n3. Finish the repairs.",
}
LONG_TITLE = (
    "Send every record of the inspections, works orders, visits and telephone calls about damp and mould at this home, "
    "at the flat above and in the stairwell, from January 2023 until today, in date order"
)
UNABLE = (
    "Our contractor’s records are held by a company that has closed. We have asked the administrators and expect an "
    "answer next week.",
    "The officer who dealt with this is away until the end of the month. May we have ten more working days?",
    "The resident has not let us in for the inspection. We have written twice.",
    "We never received the complaint that this task speaks of. Could you send us a copy?",
)
ANSWERS = (
    "Please send what you have by the deadline and tell us what is missing.",
    "We have spoken to the resident, who will expect your call. The deadline stays as it is.",
)
EXTENSIONS = (
    "You told us when the records will reach you. We have moved the deadline to fit.",
    "The inspection is booked for later, so we agree to more time.",
)
RETURNS = (
    "The repair log stops in May. Please send the entries up to today.",
    "We could not find the stage 2 response among the documents.",
    "Two photographs have no date. Please tell us when they were taken.",
)
OUTDATED = "This was an earlier version. The one in its place is complete."
OF_ANOTHER_CASE = "We uploaded it by mistake. It belongs to another case."
CANCELLATIONS = ("The resident has sent us this document already.", "We set this task twice. The other one stands.")


@dataclass(frozen=True)
class Exchange:
    """A thread: who begins, the subject, and what the two sides write in turn."""

    service_begins: bool
    subject: str
    texts: tuple[str, ...]


EXCHANGES = (
    Exchange(
        True,
        "Date of the inspection",
        (
            "Could you tell us when the surveyor visited? The report gives no date.",
            "The visit was on the second Tuesday of the month. We will add the date to the report.",
            "Thank you. Please upload the corrected report on the documents tab.",
            "Uploaded this morning.",
        ),
    ),
    Exchange(
        False,
        "Question about the evidence request",
        (
            "Do you need the records of the whole block, or of this home only?",
            "This home and the flat above, please. The rest of the block is not part of the complaint.",
            "Understood, thank you 👍",
        ),
    ),
    Exchange(
        True,
        "The resident’s repairs",
        (
            "The resident tells us that nobody came on Monday. Was the appointment moved?",
            "The plumber was ill. We rang the resident and booked Thursday instead, and we are sorry for the mix-up.",
            "Thank you for delivery us so quickly.",
        ),
    ),
    Exchange(
        False,
        "Photographs",
        (
            "We have about forty photographs. Shall we send all of them?",
            "Yes please, all of them. There is no limit to the number of documents.",
        ),
    ),
    Exchange(
        True,
        "Mediation",
        (
            "Would you consider mediation in this case? We would arrange a telephone call with both sides.",
            "We would. Ffion Davies can speak for us on any afternoon.\n\nDiolch yn fawr.",
            "We will propose two dates to the resident and come back to you.",
            "Thank you. Afternoons are best.",
            "The call is on Wednesday at 2pm.",
        ),
    ),
    Exchange(
        True,
        "Your compensation offer",
        ("Has the compensation of £350 been paid? The resident has not seen it.", "It was paid to the rent account."),
    ),
)


def _one_of(names: str, rng: Random) -> str:
    return rng.choice(names.split("|"))


def resident(rng: Random) -> str:
    return f"{_one_of(_FIRST, rng)} {_one_of(_LAST, rng)}"


def address(rng: Random) -> str:
    """A home that is nowhere: no real postcode begins with ZZ."""
    flat = f"Flat {rng.randint(1, 48)}, " if rng.random() < 0.4 else ""
    postcode = f"ZZ{rng.randint(1, 99)} {rng.randint(1, 9)}{rng.choice('ABDEFGHJLN')}{rng.choice('PQRSTUWXYZ')}"
    return f"{flat}{rng.randint(1, 140)} {_one_of(_STREETS, rng)}, {_one_of(_TOWNS, rng)} {postcode}"
