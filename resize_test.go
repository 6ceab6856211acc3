package main

import (
	"testing"

	"orderops/ui/termtest/ptytest"
)

// Every screen, with and without something on top, survives a storm of sizes
// and is whole again afterwards. Too small a terminal gets a sentence.
func TestTerminalResizeStorm(t *testing.T) {
	t.Parallel()
	s := serveLocal(t, "127.0.0.1:0", predictable("--wait", "600s")...)
	s.send(t, deadLetterQueue, malformed, nil)
	id := *s.send(t, orderQueue, `{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`, nil).MessageId
	p := start(t, 80, 24, "--endpoint-url", s.url)
	p.WaitFor("OrderStateMachine")

	for _, place := range []struct {
		name string
		keys []string
		want string // shows that the place was reached
		stay string // is there at every size that is large enough
	}{
		{"overview", nil, "OrderStateMachine", "OrderQueue"},
		{"help", []string{"?"}, "Everywhere", ""},
		{"orders", []string{"x", "2"}, id[:6], id[:6]}, // any key closes the help
		{"palette", []string{":"}, "go to Executions", "go to"},
		{"executions", []string{"esc", "3"}, "RUNNING", id[:6]},
		{"filter", []string{"/", "b"}, "/", ""},
		{"detail", []string{"esc", "esc", "3", "enter"}, "SaveOrder", "Wait30Seconds"},
		{"stop dialog", []string{"x"}, "[ cancel ]", "cancel"},
		{"dead letters", []string{"esc", "4"}, "Nothing has been received", "OrderDeathLetterQueue"},
		{"inspect dialog", []string{"i"}, "[ cancel ]", "cancel"},
		{"inspected", []string{"y"}, "malformed", "malformed"},
		{"message", []string{"enter"}, `"quantity": "three"`, `"three"`},
		{"redrive dialog", []string{"R"}, "Redrive all", "cancel"},
		{"submit", []string{"esc", "5"}, "restaurant id", "MD5"},
		{"activity", []string{"esc", "6"}, "Done in this session", "Done in this session"},
	} {
		p.Key(place.keys...)
		p.WaitFor(place.want)
		storm(t, p, place.name, place.stay)
	}
	p.Resize(20, 5)
	p.WaitFor("needs 80")
	p.Key("ctrl+c")
	endsWell(t, p, 0)
}

func storm(t *testing.T, p *ptytest.Term, name, stay string) {
	t.Helper()
	for _, size := range [][2]int{{20, 5}, {200, 60}, {1, 1}, {80, 24}, {79, 24}, {80, 23}, {200, 24}, {80, 60}, {5, 200}, {120, 40}, {80, 24}} {
		p.Resize(size[0], size[1])
		switch {
		case size[0] >= 80 && size[1] >= 24:
			straight(t, p)
			p.WaitFor(stay)
		case size[0] >= 20 && size[1] >= 5:
			p.WaitFor("needs 80")
		}
	}
	for range 10 { // faster than anybody can draw
		p.Resize(20, 5)
		p.Resize(200, 60)
	}
	p.Resize(80, 24)
	straight(t, p)
	p.WaitFor(stay)
	if t.Failed() {
		t.Fatalf("on %s", name)
	}
}
