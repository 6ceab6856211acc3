package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"orderops/aws/local"
	"orderops/aws/local/wire"
)

// What AWS says of a failure is text from outside, too: an endpoint may be
// anybody's. No screen, toast or dialog is taken in by it.
func TestHostileErrors(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]*wire.Error{
		"denied":  {Status: 400, Type: "AccessDeniedException", Message: "User: " + control + direct + " is not authorized to perform: " + control + direct},
		"broken":  {Status: 500, Type: "Internal" + direct, Message: control + direct},
		"unknown": {Status: 400, Type: "Strange" + direct, Message: strings.Repeat(control+direct, 300)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := open(t, setting{w: 120, h: 40, wait: time.Hour})
				s.pass(2 * time.Second)
				s.start(2)
				s.sendTo("OrderDeathLetterQueue", nil, malformed)
				s.pass(10 * time.Second)
				s.press("4", "i", "y")
				s.pass(5 * time.Second)
				s.refusing(func(local.Call) *wire.Error { return refusal })
				for _, keys := range [][]string{
					{"1"},
					{"2"},
					{"p"},
					{"enter"},
					{"esc"},
					{"3"},
					{"enter"},
					{"x"},
					{"y"},
					{"n"},
					{"y"},
					{"esc"},
					{"4"},
					{"i"},
					{"y"},
					{"ctrl+a", "I"},
					{"esc"},
					{"d"},
					{"esc"},
					{"m"},
					{"esc"},
					{"6"},
					{"tab"},
					{"!"},
					{"pgdown"},
					{"esc"},
				} {
					s.press(keys...)
					s.pass(7 * time.Second)
				}
				if s.refusals() < 5 {
					t.Errorf("only %d calls were refused", s.refusals())
				}
				s.press("!")
				s.shows("Errors ─")
				if name != "denied" { // of which only the action and the resource are told
					s.shows("evil")
				}
				s.faithful()
				if title := s.screen.State().Title; title != "orderops · order-system" {
					t.Errorf("the title became %q", title)
				}
			})
		})
	}
}
