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
		gone string // goes away with esc, which leaves the place; "" when it is left otherwise
	}{
		{name: "overview", want: "OrderStateMachine", stay: "OrderQueue"},
		{name: "help", keys: []string{"?"}, want: "Everywhere", gone: "Everywhere"},
		{name: "orders", keys: []string{"2"}, want: id[:6], stay: id[:6]},
		{name: "palette", keys: []string{":"}, want: "go to Executions", stay: "go to", gone: "go to Executions"},
		{name: "filter", keys: []string{"3", "/", "b"}, want: "RUNNING", stay: "RUNNING"},
		{name: "detail", keys: []string{"enter", "enter"}, want: "SaveOrder", stay: "Wait30Seconds"},
		{name: "stop dialog", keys: []string{"x"}, want: "[ cancel ]", stay: "cancel", gone: "[ cancel ]"},
		{name: "dead letters", keys: []string{"4"}, want: "Nothing has been received", stay: "OrderDeathLetterQueue"},
		{name: "inspect dialog", keys: []string{"i"}, want: "[ cancel ]", stay: "cancel"},
		{name: "inspected", keys: []string{"y"}, want: "malformed", stay: "malformed"},
		{name: "message", keys: []string{"enter"}, want: "restaurant_id  ", stay: `"three"`},
		{name: "redrive dialog", keys: []string{"m"}, want: "Redrive all", stay: "cancel", gone: "Redrive all"},
		{name: "activity", keys: []string{"6"}, want: "Done in this session", stay: "Done in this session"},
		{name: "submit", keys: []string{"5"}, want: "restaurant id", stay: "MD5"},
	} {
		p.Key(place.keys...)
		p.WaitFor(place.want)
		storm(t, p, place.name, place.stay)
		if place.gone != "" {
			p.Key("esc")
			p.WaitGone(place.gone)
		}
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
