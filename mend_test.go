package main

import (
	"testing"
	"testing/synctest"
	"time"

	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// unread are dead letters of which an expression can mend the first three.
func (s *stage) unread() {
	s.t.Helper()
	s.sendTo("OrderDeathLetterQueue", nil,
		`{"data":{"user_id":"Burger_20","quantity":"3 pcs","restaurant_id":"Restaurant 4"}}`,
		`{ "data":{"note":12345678901234567890,"user_id":"Sushi_2","quantity":"1 pcs","restaurant_id":"Restaurant 9"}}`,
		`{"data":{"user_id":"Pasta_1","quantity":"none left","restaurant_id":"Restaurant 2"}}`,
		"not json at all", order("Taco_11", 2, "Restaurant 1"))
}

// TestEditByExpression mends many dead letters by one expression: what would
// change is seen first, and only what our decoder then accepts is sent.
func TestEditByExpression(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40, wait: time.Second})
		s.pass(2 * time.Second)
		s.unread()
		s.pass(6 * time.Second)
		s.press("4", "i", "y")
		s.pass(5 * time.Second)
		s.press("J")
		s.shows("Edit all 5 received messages by a jq expression", "type one, such as")
		s.enter(`.data.quantity |= (`)
		s.shows("line 1, column 20: unexpected EOF")
		s.press("enter")
		s.shows("unexpected EOF") // it can't be gone on with
		s.press("ctrl+u")
		s.enter(`.data.quantity |= split(" ")[0]`)
		s.press("enter")
		s.pass(time.Second)
		s.shows("3 of 5 change", "2 of them accepted by our decoder", "1 unchanged", "1 not JSON", "1 of 2", " → ")
		s.press("right")
		s.shows("2 of 2")
		s.press("tab")
		s.shows("[rejected 1]", "not sent: our decoder rejects the new body", "\"none left\" → \"none\"")
		s.press("tab")
		s.shows("[unchanged 1]", "Taco_11")
		s.press("esc")
		s.shows("Dead letters (5)")
		if got := s.deadLetters(); got != "0 visible, 5 hidden" {
			t.Fatalf("looking at an edit has changed something: %s", got)
		}
		s.press("J", "enter") // the expression is still there
		s.pass(time.Second)
		s.press("enter")
		s.pass(time.Second)
		s.shows("Redrive 2 messages", "for 2 edited")
		s.press("y")
		s.pass(15 * time.Second)
		s.shows("redrive done", "2 of 2 done", "Dead letters (3)")
		s.pass(time.Minute)
		s.shows("2 succeeded")
		s.press("2")
		s.pass(5 * time.Second)
		s.shows("Burger_20", "Sushi_2")
	})
}

// TestGroups lists dead letters by verdict and cause, opens one group, and edits
// the whole of another.
func TestGroups(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40, wait: time.Second})
		s.pass(2 * time.Second)
		s.unread()
		s.pass(6 * time.Second)
		s.press("4", "t")
		s.pass(time.Second)
		s.shows("nothing was received")
		s.press("i", "y")
		s.pass(5 * time.Second)
		s.press("t")
		s.shows("Groups of 5 (3)", "data.quantity is …", "redrive 3", "the body is not JSON", "safe")
		s.press("enter")
		s.pass(time.Second)
		s.shows("Dead letters (3 of 5)")
		s.press("t", "down", "space", "down", "space", "d")
		s.pass(time.Second)
		s.shows("Delete 2 messages")
		s.press("esc", "esc")
		s.pass(time.Second)
		s.shows("Dead letters (3 of 5)")
	})
}

// TestCompareTwo shows how two marked dead letters differ, in signs.
func TestCompareTwo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40, noColour: true, wait: time.Second})
		s.pass(2 * time.Second)
		text := func(v string) sqstypes.MessageAttributeValue {
			kind := "String"
			return sqstypes.MessageAttributeValue{DataType: &kind, StringValue: &v}
		}
		s.sendTo("OrderDeathLetterQueue", map[string]sqstypes.MessageAttributeValue{"source": text("web"), "shop": text("7")},
			`{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`)
		s.pass(time.Second)
		s.sendTo("OrderDeathLetterQueue", map[string]sqstypes.MessageAttributeValue{"source": text("app")},
			`{ "data": {"restaurant_id":"Restaurant 4", "quantity":"4", "user_id":"Burger_20", "note":"<b>"}}`)
		s.pass(6 * time.Second)
		s.press("4", "i", "y")
		s.pass(5 * time.Second)
		s.press("x")
		s.pass(time.Second)
		s.shows("mark two messages")
		s.press("space", "space", "x")
		s.shows("Two dead letters", "4 differences", `~ data.quantity       "3" → "4"`, `+ data.note           "<b>"`, `  data.user_id        "Burger_20"`,
			`- shop    String "7"`, `~ source  String "web" → String "app"`)
		s.press("esc")
		s.shows("Dead letters (2 · 2 marked)")
	})
}

// TestOpenMessage shows one dead letter as a tree that can be searched, as text
// and as bytes.
func TestOpenMessage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{wait: time.Second})
		s.pass(2 * time.Second)
		s.sendTo("OrderDeathLetterQueue", nil, `{"data":{"user_id":"Burger_20","quantity":"3 pcs","restaurant_id":"Restaurant 4","deep":{"list":[{"needle":1}]}}}`)
		s.pass(6 * time.Second)
		s.press("4", "i", "y")
		s.pass(5 * time.Second)
		s.press("enter", "/")
		s.enter("needle")
		s.shows("1 of 1", "needle")
		s.press("q") // is typed, and does not leave
		s.shows("nothing found", "[body]")
		s.press("esc")
		s.hides("nothing found")
		s.shows("[body]")
		s.press("tab", "tab")
		s.shows("[raw]", `{"data":{"user_id":"Burger_20","quantity":"3 pcs"`)
		s.press("tab")
		s.shows("[hex]", "7b 22 64 61 74 61", `{"data":{"user_i`)
		s.press("esc")
		s.shows("Dead letters (1)")
	})
}
