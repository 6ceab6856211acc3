package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"orderops/aws/function"
)

// breakPayment makes the payment step fail, or work again.
func (s *stage) breakPayment(set setting, broken bool) {
	s.t.Helper()
	if !broken {
		if err := s.slow(set); err != nil {
			s.t.Fatal(err)
		}
		return
	}
	s.cloud.Function("OrderPayment", function.Logged(function.Payment, func(context.Context, []byte) ([]byte, error) {
		return nil, errors.New("the payment provider is down")
	}, s.logger("OrderPayment")))
}

// TestRedriveFromTheList redrives what failed, marked over the whole filter, and
// leaves out what can't be redriven.
func TestRedriveFromTheList(t *testing.T) {
	t.Parallel()
	everyLook(t, "operate", func(t *testing.T, set setting, g *golden) {
		t.Helper()
		s := open(t, set)
		s.send(order("Good_1", 1, "Restaurant 1"))
		s.pass(40 * time.Second)
		s.breakPayment(set, true)
		for _, user := range []string{"Bad_1", "Bad_2", "Bad_3"} {
			s.send(order(user, 2, "Restaurant 2"))
			s.pass(2 * time.Second)
		}
		s.press("3")
		s.pass(15 * time.Second)
		s.shows("✗ FAILED", "ProcessPayment")
		s.press("ctrl+a")
		s.shows("(4 · 4 marked)")
		s.press("R")
		s.pass(2 * time.Second)
		s.shows("Redrive 3 executions", "3 of 4", "1 succeeded", "Payment may already be taken", "13 days left")
		g.frame(s, "redrive-plan")
		s.breakPayment(set, false)
		s.redriving.Store(int64(2 * time.Second)) // so that it is seen under way
		s.press("y")
		s.pass(3 * time.Second)
		s.shows("redriven 1 of 3", "cancels")
		g.frame(s, "redrive-running")
		s.pass(5 * time.Second)
		s.shows("redriven 3 of 3")
		s.pass(40 * time.Second)
		s.hides("✗ FAILED", "marked")
		s.press("enter")
		s.pass(2 * time.Second)
		s.shows("redriven 1×", "until redrive 1", "✗ ProcessPayment", "✓ ProcessPayment")
		g.frame(s, "execution-redriven")
		s.press("6")
		s.shows("redrive execution", "goes on in ")
	})
}

// TestRunAgain runs a failed order again under a name of its own, and makes a
// new order of one that succeeded.
func TestRunAgain(t *testing.T) {
	t.Parallel()
	everyLook(t, "rerun", func(t *testing.T, set setting, g *golden) {
		t.Helper()
		s := open(t, set)
		s.breakPayment(set, true)
		s.send(order("Bad_1", 2, "Restaurant 2"))
		s.pass(2 * time.Second)
		s.press("3")
		s.pass(15 * time.Second)
		s.press("enter")
		s.pass(3 * time.Second)
		s.shows("✗ ProcessPayment", "the payment provider is down")
		g.frame(s, "execution-failed")
		s.press("L")
		s.pass(2 * time.Second)
		s.shows("Log of OrderPayment", "1 line", "ERROR · the payment provider is down", `execution  "`)
		g.frame(s, "execution-log")
		s.press("L")
		s.breakPayment(set, false)
		s.press("n")
		s.pass(2 * time.Second)
		s.shows("Run an order again", "-r1", "the same", "Payment may already be taken")
		g.frame(s, "rerun-plan")
		s.press("y")
		s.pass(40 * time.Second)
		s.shows("-r1", "✓ SUCCEEDED", "✓ OrderSuccess")
		s.press("N")
		s.shows("Run the order again with another input", "review")
		g.frame(s, "rerun-edit")
		s.press("enter")
		s.shows("the input says the same as before; n runs the order again")
		s.press("N", "backspace")
		s.enter(`,"note":"no onions"}`)
		s.press("enter")
		s.pass(2 * time.Second)
		s.shows("Make a new order of one that succeeded", "NEW order", "edited, in 1 place", `note: nothing → "no onions"`)
		s.press("esc") // what was written is not lost
		s.shows("not started; N goes on with the input as you edited it")
		s.press("N")
		s.shows("as you left it", `"no onions"`)
		s.press("esc", "esc", "2")
		s.pass(5 * time.Second)
		s.shows("Orders (1)", "✓ SUCCESS")
	})
}

// TestTraceFromAnywhere finds an order by its user and by its id, from the
// commands, with one call or two.
func TestTraceFromAnywhere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40})
		s.send(order("Good_1", 1, "Restaurant 1"))
		s.pass(40 * time.Second)
		calls := s.calls(func() {
			s.press(":")
			s.enter("trace an")
			s.press("enter")
			s.shows("Trace an order")
			s.enter("Good_1")
			s.press("enter")
			s.pass(time.Second)
		})
		if calls["dynamodb:Query"] != 1 || calls["dynamodb:Scan"] != 0 {
			t.Errorf("calls %v", calls)
		}
		s.shows(`user:="Good_1"`, "1 order of this user", "✓ SUCCESS")
		s.press("enter")
		s.pass(2 * time.Second)
		s.shows("now: done: SUCCESS", "OrderSuccess")
		s.press("f")
		s.enter("nobody-at-all")
		s.press("enter")
		s.pass(time.Second)
		s.shows("find an order")
	})
}
