package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"orderops/ui/termtest/ptytest"
)

// The order of every story, and the digest of exactly its body.
const (
	storyMD5  = "e172a0b1b0c410a6d12b96ef434aa4c0"
	uuid      = `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`
	malformed = `{"data":{"user_id":"Burger_20","quantity":"three","restaurant_id":"Restaurant 4"}}`
)

// The newcomer starts the dashboard on the local AWS, submits an order and sees
// it through; submits one that can't be read, finds it among the dead letters,
// sees why, and moves it back.
func TestTerminalNewcomer(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			p := start(t, size[0], size[1], predictable("--local", "--wait", "10s", "--visibility", "2s")...)
			p.WaitFor("OrderStateMachine")
			p.WaitFor("LOCAL")
			straight(t, p)

			id := submitsAnOrder(t, p)
			watchesItSucceed(t, p, id)
			submitsMalformed(t, p)
			first := inspects(t, p)
			opensTheBody(t, p)
			redrives(t, p)

			p.WaitMatch(`Dead letters 1\b`) // it came back
			p.Key("i")
			p.WaitMatch(`▸.*malformed`)
			p.Key("y")
			p.WaitUntil("dead letter with a new id on the clipboard", func() bool { return p.State().Clipboard != first })
			p.Key("6")
			for _, verb := range []string{"submit", "inspect", "redrive"} {
				p.WaitFor(verb)
			}
			straight(t, p)
			quits(t, p)
		})
	}
}

// fillsTheForm opens the form and types the order of the story.
func fillsTheForm(p *ptytest.Term) {
	p.Key("5")
	p.WaitFor("New order")
	p.Type("Burger_20")
	p.Key("tab")
	p.Type("3")
	p.Key("tab")
	p.Type("Restaurant 4")
}

func submitsAnOrder(t *testing.T, p *ptytest.Term) string {
	t.Helper()
	fillsTheForm(p)
	p.WaitMatch(`(?s)\{"data":\{"user_id":"Burger_20","quantity":"3","res.*4"\W*\}\}`) // it may be on two lines
	p.WaitFor(storyMD5)
	if strings.Contains(p.Text(), "✓ accepted") {
		t.Error("the order was sent before it was reviewed")
	}
	straight(t, p)
	p.Key("enter")
	p.WaitFor("[ submit ]")
	p.WaitFor(storyMD5)
	p.Key("enter")
	return p.WaitMatch(`✓ (?:accepted as )?(` + uuid + `)`)[1]
}

// watchesItSucceed goes from the new id to the order, to its execution, and
// back to the row.
func watchesItSucceed(t *testing.T, p *ptytest.Term, id string) {
	t.Helper()
	p.Key("enter")
	p.WaitFor("Orders (1)")
	p.WaitMatch(id[:6] + `.*Wait30Sec`)
	straight(t, p)
	p.Key("enter")
	p.WaitFor("now: running in Wait30Seconds")
	straight(t, p)
	p.Key("e")
	left := countdown(t, p.WaitMatch(countdownPattern))
	p.WaitUntil("a countdown", func() bool {
		m := regexp.MustCompile(countdownPattern).FindStringSubmatch(p.Text())
		return m != nil && countdown(t, m) < left
	})
	for _, state := range []string{"✓ SaveOrder", "✓ ProcessPayment", "▷ Wait30Seconds", "· OrderSuccess"} {
		p.WaitFor(state)
	}
	p.WaitFor("SUCCEEDED")
	for _, state := range []string{"✓ Wait30Seconds", "✓ SendOrder", "✓ RestaurantChoice", "✓ OrderSuccess"} {
		p.WaitFor(state)
	}
	if strings.Contains(p.Text(), "✓ PaymentFailure") {
		t.Error("a state that was not entered is shown as done")
	}
	straight(t, p)
	p.Key("2")
	p.WaitFor("now: done: SUCCESS")
	p.Key("esc")
	p.WaitMatch(id[:6] + `.*✓ SUCCESS`)
}

// countdownPattern finds what is left of the Wait.
const countdownPattern = `▷ Wait30Seconds .*?(\d+) s`

func countdown(t *testing.T, m []string) int {
	t.Helper()
	n, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// stopsTyping leaves the form to its rest, in which other keys work. What comes
// after an esc must wait for its effect: a terminal tells esc and a key from
// alt and the key only by the time between them.
func stopsTyping(p *ptytest.Term) {
	p.Key("esc")
	p.WaitUntil("end of typing", func() bool { return !p.State().CursorVisible })
}

// typesRaw goes to the raw body and replaces it.
func typesRaw(p *ptytest.Term, body string) {
	p.Key("5")
	p.WaitFor("New order")
	p.Key("ctrl+r")
	p.WaitFor("raw body")
	p.Key("ctrl+u")
	p.Type(body)
}

func submitsMalformed(t *testing.T, p *ptytest.Term) {
	t.Helper()
	typesRaw(p, malformed)
	p.WaitFor(`"three"`)
	p.WaitFor("rejects")
	p.Key("enter")
	p.WaitFor("[ cancel ]") // a body that our decoder rejects is not sent by enter alone
	straight(t, p)
	p.Key("y")
	p.WaitMatch(`(?s)(` + uuid + `).*(` + uuid + `)|accepted as`)
	p.Key("4")
	p.WaitMatch(`Dead letters 1\b`)
}

// inspects looks into the queue and copies the dead letter's id.
func inspects(t *testing.T, p *ptytest.Term) string {
	t.Helper()
	p.WaitFor("Nothing has been received")
	p.Key("i")
	p.WaitFor("receive counts") // the plan says what looking costs
	p.WaitFor("[ cancel ]")
	straight(t, p)
	p.Key("y")
	p.WaitFor(`malformed: data.quantity is "three"`)
	p.WaitMatch(`▸.*malformed`)
	p.Key("y")
	p.WaitUntil("message id on the clipboard", func() bool { return regexp.MustCompile("^" + uuid + "$").MatchString(p.State().Clipboard) })
	return p.State().Clipboard
}

func opensTheBody(t *testing.T, p *ptytest.Term) {
	t.Helper()
	p.Key("enter")
	p.WaitGone("Dead letters (1)") // the preview beside the list shows the same body
	p.WaitMatch(`(?s)malformed: data\.quantity is "three".*quantity +"three"`)
	straight(t, p)
	p.Key("esc")
	p.WaitFor("Dead letters (1)")
}

func redrives(t *testing.T, p *ptytest.Term) {
	t.Helper()
	p.WaitFor("held")
	p.Key("m")
	p.WaitFor("Redrive all dead letters")
	p.WaitFor("1 malformed")
	straight(t, p)
	p.Key("shift+tab", "ctrl+u") // the rate stands before the name
	p.Type("5")
	p.Key("tab")
	p.Type("OrderDeathLetterQueue")
	p.WaitFor("✓ OrderDeath")
	p.Key("enter")
	p.WaitMatch(`COMPLETED.* 1 .*moved · 5/s`)
	p.WaitGone("Dead letters 1")
}

// straight waits for a whole picture in which every row of the screen's body
// ends in a border, that is: nothing was wider or narrower than thought.
func straight(t *testing.T, p *ptytest.Term) {
	t.Helper()
	p.WaitUntil("picture with straight borders", func() bool {
		buffer := p.Snapshot()
		framed := 0
		for y := 2; y < buffer.Height()-1; y++ {
			first, last := buffer.CellAt(0, y).Content, buffer.CellAt(buffer.Width()-1, y).Content
			switch {
			case border(last):
				framed++
			case border(first):
				return false
			}
		}
		return framed > buffer.Height()/3
	})
	if st := p.State(); len(st.Unknown) > 0 {
		t.Errorf("unknown sequences: %q", st.Unknown)
	}
}

func border(cell string) bool {
	switch cell {
	case "╭", "╮", "│", "╰", "╯":
		return true
	}
	return false
}
