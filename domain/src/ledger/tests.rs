//! Every act is balanced, and the books say what the documents say.

use super::*;
use crate::strategies::eur;
use proptest::prelude::*;

fn balance(book: Book, postings: &[Posting]) -> i64 {
    postings.iter().map(|posting| posting.effect_on(book)).sum()
}

#[test]
fn words_are_read_back_and_differ() {
    for book in Book::ALL {
        assert_eq!(Book::from_code(book.code()), Some(*book));
    }
    for kind in EntryKind::ALL {
        assert_eq!(EntryKind::from_code(kind.code()), Some(*kind));
    }
    assert_eq!(Book::from_code("issue"), None);
}

#[test]
fn money_counts_from_the_later_day() {
    let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
    assert_eq!(allocation_day(day(4), day(9)), day(9));
    assert_eq!(allocation_day(day(9), day(4)), day(9));
}

proptest! {
    /// V9, V24, V25: receivable is the total, and each movement leaves the sum over all books at zero.
    #[test]
    fn an_invoice_paid_and_credited_ends_as_its_documents_say(
        net in -5_000_i64..500_000, tax in -500_i64..50_000, rounding in -4_i64..=4,
        money in 1_i64..900_000, put in 0_i64..900_000, credit in 1_i64..50_000, used in 0_i64..50_000,
    ) {
        let mut postings = issued(eur(net), eur(tax), eur(rounding)).unwrap();
        prop_assert!(postings.iter().all(|posting| posting.amount.is_positive() && posting.debit != posting.credit));
        prop_assert_eq!(balance(Book::Receivable, &postings), net + tax + rounding);
        postings.extend(received(Book::DebitCash, eur(money)).unwrap());
        postings.extend(allocated(Source::Payment, eur(put)).unwrap());
        postings.extend(credited(eur(credit), eur(0), eur(0)).unwrap());
        postings.extend(allocated(Source::CreditNote, eur(used)).unwrap());
        prop_assert_eq!(balance(Book::Receivable, &postings), net + tax + rounding - put - used);
        prop_assert_eq!(-balance(Book::Unapplied, &postings), money - put);
        prop_assert_eq!(-balance(Book::Credit, &postings), credit - used);
        let all: i64 = Book::ALL.iter().map(|book| balance(*book, &postings)).sum();
        prop_assert_eq!(all, 0);
    }

    /// V34: what is taken back leaves nothing.
    #[test]
    fn the_other_way_round_leaves_nothing(net in -5_000_i64..500_000, tax in 0_i64..50_000, put in -900_i64..900) {
        let mut postings = issued(eur(net), eur(tax), eur(0)).unwrap();
        postings.extend(allocated(Source::Payment, eur(put)).unwrap());
        postings.extend(refunded(Source::Payment, Book::OfflineCash, eur(7)).unwrap());
        let back: Vec<Posting> = postings.iter().map(|posting| posting.reversed()).collect();
        postings.extend(back);
        for book in Book::ALL {
            prop_assert_eq!(balance(*book, &postings), 0);
        }
    }
}
