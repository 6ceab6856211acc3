package main

import (
	"net"
	"testing"
)

// The first picture waits for nobody, nor does leaving.
func TestTerminalFirstFrameNeedsNoNetwork(t *testing.T) {
	t.Parallel()
	silent, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan net.Conn, 1)
	go func() {
		conn, err := silent.Accept() // and never answers
		if err == nil {
			asked <- conn
		}
		close(asked)
	}()
	t.Cleanup(func() {
		_ = silent.Close()
		if conn := <-asked; conn != nil {
			_ = conn.Close()
		}
	})
	p := start(t, 80, 24, "--endpoint-url", "http://"+silent.Addr().String())
	p.WaitFor("connecting")
	straight(t, p)
	p.Key("4")
	p.WaitFor("Dead letters")
	p.Key("5")
	p.WaitFor("New order")
	p.Key("ctrl+c") // connecting is given up after half a minute only
	endsWell(t, p, 0)
}

// When AWS can't be reached the rows stay, with the time since when they are
// stale; when it is back, so is the dashboard.
func TestTerminalOutage(t *testing.T) {
	t.Parallel()
	args := predictable("--wait", "600s")
	s := serveLocal(t, "127.0.0.1:0", args...)
	id := posts(t, s, `{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}`).ID
	p := start(t, 80, 24, "--endpoint-url", s.url)
	p.WaitFor("Overview")
	p.Key("2")
	p.WaitMatch(id[:6] + ".*Wait30Sec")
	p.WaitFor("as of")

	s.kill(t)
	p.WaitFor("stale since")
	p.WaitMatch(id[:6] + ".*Wait30Sec")
	straight(t, p)

	serveLocal(t, s.address, args...)
	p.WaitFor("as of")
	p.WaitGone("stale since")
	straight(t, p)
	quits(t, p)
}

// A deployment that can't be reached is told with what to do about it, and
// tried again on demand.
func TestTerminalConnectsAgain(t *testing.T) {
	t.Parallel()
	s := serveLocal(t, "127.0.0.1:0", predictable()...)
	s.kill(t)
	p := start(t, 80, 24, "--endpoint-url", s.url)
	p.WaitFor("not connected")
	p.WaitFor("next")
	straight(t, p)
	serveLocal(t, s.address, predictable()...)
	p.Key("r")
	p.WaitFor("OrderStateMachine")
	quits(t, p)
}
