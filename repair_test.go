package main

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

// TestRestoreDeleted deletes a dead letter and puts it back from the journal,
// once.
func TestRestoreDeleted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40, wait: time.Second})
		s.pass(2 * time.Second)
		s.sendTo("OrderDeathLetterQueue", nil, "poison")
		s.pass(6 * time.Second)
		s.press("4")
		s.press("u")
		s.pass(time.Second)
		s.shows("the journal has no messages that were deleted")
		s.press("i", "y")
		s.pass(5 * time.Second)
		s.press("d")
		s.pass(time.Second)
		s.enter("OrderDeathLetterQueue")
		s.press("enter")
		s.pass(5 * time.Second)
		s.shows("delete done")
		s.press("u")
		s.pass(time.Second)
		s.shows("Restore deleted messages", "the newest: 1 message")
		s.press("enter")
		s.pass(time.Second)
		s.shows("Restore 1 message", "none is on record any more", "sqs:SendMessage", "put back at most once")
		if got := s.deadLetters(); got != "0 visible, 0 hidden" {
			t.Fatalf("a plan that was not agreed to has changed something: %s", got)
		}
		s.press("y")
		s.pass(2 * time.Second)
		s.shows("1 of 1 put back")
		if got := s.deadLetters(); got != "1 visible, 0 hidden" {
			t.Errorf("afterwards: %s", got)
		}
		s.press("u")
		s.pass(time.Second)
		s.press("enter")
		s.pass(time.Second)
		s.shows("1 put back already")
		s.press("6", "h")
		s.pass(time.Second)
		s.shows("restore · done · 1 message", "settled", "restored")
	})
}

// TestExportAndImport exports dead letters, deletes them, and imports the file.
func TestExportAndImport(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x.jsonl")
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40, wait: time.Second})
		s.pass(2 * time.Second)
		s.sendTo("OrderDeathLetterQueue", nil, "poison", order("Burger_20", 3, "Restaurant 4"))
		s.pass(6 * time.Second)
		s.press("4", "i", "y")
		s.pass(5 * time.Second)
		s.press("E", "ctrl+u")
		s.enter(file)
		s.press("enter")
		s.pass(time.Second)
		s.shows("2 dead letters written to")
		s.press("L", "ctrl+u")
		s.enter(file)
		s.press("enter")
		s.pass(time.Second)
		s.shows("2 among the dead letters")
		s.press("ctrl+a", "d")
		s.pass(time.Second)
		s.enter("OrderDeathLetterQueue")
		s.press("enter")
		s.pass(5 * time.Second)
		s.shows("2 of 2 done")
		s.press("L", "ctrl+u")
		s.enter(file)
		s.press("enter")
		s.pass(time.Second)
		s.shows("Import 2 messages", "x.jsonl", "would exist twice", "type the queue's name")
		s.enter("OrderDeathLetterQueue")
		s.press("enter")
		s.pass(3 * time.Second)
		s.shows("2 of 2 put back")
		if got := s.deadLetters(); got != "2 visible, 0 hidden" {
			t.Errorf("afterwards: %s", got)
		}
	})
}

// TestPurgeWithArchive deletes also what was never received, by the queue's name.
func TestPurgeWithArchive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40, wait: time.Second})
		s.pass(2 * time.Second)
		s.sendTo("OrderDeathLetterQueue", nil, "poison", order("Burger_20", 3, "Restaurant 4"), "more poison")
		s.pass(6 * time.Second)
		s.press("4", "D")
		s.pass(time.Second)
		s.shows("Delete all dead letters", "not received yet", "saved before anything is sent or deleted", "type the queue's name")
		s.press("enter")
		s.pass(3 * time.Second)
		if got := s.deadLetters(); got != "3 visible, 0 hidden" {
			t.Fatalf("deleted without the name: %s", got)
		}
		s.enter("OrderDeathLetterQueue")
		s.press("enter")
		s.pass(10 * time.Second)
		s.shows("delete done", "3 of 3 done")
		if got := s.deadLetters(); got != "0 visible, 0 hidden" {
			t.Errorf("afterwards: %s", got)
		}
	})
}

// TestCopyIsNoOrder copies a dead letter nowhere that the consumer reads.
func TestCopyIsNoOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40, wait: time.Second})
		s.pass(2 * time.Second)
		s.sendTo("OrderDeathLetterQueue", nil, order("Burger_20", 3, "Restaurant 4"))
		s.pass(6 * time.Second)
		s.press("4", "i", "y")
		s.pass(5 * time.Second)
		s.press("C")
		s.pass(time.Second)
		s.shows("Copy 1 message", "a name, URL or ARN")
		s.enter("OrderQueue")
		s.press("enter")
		s.pass(time.Second)
		s.shows("a copy on the order queue is an order")
		if got := s.deadLetters(); got != "0 visible, 1 hidden" {
			t.Errorf("afterwards: %s", got)
		}
	})
}

// TestEditAndRedrive mends a poison message and redrives it as a new order.
func TestEditAndRedrive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40, wait: time.Second})
		s.pass(2 * time.Second)
		s.sendTo("OrderDeathLetterQueue", nil, `{"data":{"user_id":"Burger_20","quantity":"three","restaurant_id":"Restaurant 4","note":"hot"}}`)
		s.pass(6 * time.Second)
		s.press("4", "i", "y")
		s.pass(5 * time.Second)
		s.press("e")
		s.pass(time.Second)
		s.shows("Edit the order, 1 of 3", "Burger_20")
		s.press("enter")
		s.pass(time.Second)
		s.shows("2 of 3", "three")
		s.press("enter") // it is not taken
		s.pass(time.Second)
		s.shows("2 of 3")
		s.press("ctrl+u")
		s.enter("3")
		s.press("enter")
		s.pass(time.Second)
		s.press("enter")
		s.pass(time.Second)
		s.shows("Redrive 1 message", "was", `"quantity":"three"`, "becomes", `"quantity":"3"`, `"note":"hot"`, "for 1 edited")
		s.press("y")
		s.pass(10 * time.Second)
		s.shows("redrive done", "1 of 1 done")
		s.pass(time.Minute)
		s.shows("1 succeeded")
	})
}
