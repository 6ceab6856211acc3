package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"orderops/ui/termtest/ptytest"
)

const (
	orderQueue      = "OrderQueue"
	deadLetterQueue = "OrderDeathLetterQueue"
)

// Without a terminal there is a sentence, an exit code, and no escape sequence.
func TestCommandWithoutTerminal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args   []string
		code   int
		stdout string // part of it; "" means nothing at all
		stderr string
	}{
		"dashboard":          {[]string{"--local"}, 2, "", "needs a terminal"},
		"unknown flag":       {[]string{"--locl"}, 2, "", "--locl"},
		"help":               {[]string{"--help"}, 0, "--endpoint-url", ""},
		"version":            {[]string{"version"}, 0, "orderops ", ""},
		"submit incomplete":  {[]string{"submit", "--user", "Burger_20"}, 2, "", "--quantity"},
		"scenarios":          {[]string{"local", "--scenario", "list"}, 0, "bad-release", ""},
		"no such scenario":   {[]string{"local", "--listen", "127.0.0.1:0", "--scenario", "doom"}, 2, "", "throttled-peak"},
		"a bad disturbance":  {[]string{"local", "--listen", "127.0.0.1:0", "--disturb", "outage: kitchen"}, 2, "", "--disturb: outage:"},
		"an open address":    {[]string{"local", "--listen", "0.0.0.0:0"}, 2, "", "--listen"},
		"no such deployment": {[]string{"submit", "--user", "u", "--quantity", "1", "--restaurant", "r", "--endpoint-url", "http://127.0.0.1:1"}, 1, "", "127.0.0.1:1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := command(t, c.args...)
			if got.code != c.code {
				t.Errorf("exit code %d, want %d", got.code, c.code)
			}
			if !strings.Contains(got.stdout, c.stdout) || c.stdout == "" && got.stdout != "" {
				t.Errorf("stdout %q, want %q in it", got.stdout, c.stdout)
			}
			if !strings.Contains(got.stderr, c.stderr) || c.stderr == "" && got.stderr != "" {
				t.Errorf("stderr %q, want %q in it", got.stderr, c.stderr)
			}
			if strings.Contains(got.stdout+got.stderr, "\x1b") {
				t.Errorf("escape sequences in %q and %q", got.stdout, got.stderr)
			}
		})
	}
}

// A terminal that knows nothing gets a picture all the same.
func TestTerminalThatIsDumb(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"dumb", "vt100", "no-such-terminal"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			p := ptytest.Start(t, ptytest.Options{
				Cols: 80, Rows: 24, Term: kind, Timeout: patience, Env: append(hermetic("1"), "COLORTERM="),
			}, os.Args[0], predictable("--local")...)
			p.WaitFor("OrderStateMachine")
			p.Key("4")
			p.WaitFor("no dead letters")
			quits(t, p)
		})
	}
}

// submitted is what submit prints as JSON.
type submitted struct {
	Status  string `json:"status"`
	Order   string `json:"order"`
	Message string `json:"message"`
	MD5     string `json:"md5"`
}

// One process is AWS, a second one shows it, others submit: by the command, and
// by POST as the browser of a customer does.
func TestCommandSubmitReachesTheDashboard(t *testing.T) {
	t.Parallel()
	s := serveLocal(t, "127.0.0.1:0", predictable("--wait", "1s")...)
	p := start(t, 120, 40, "--endpoint-url", s.url)
	p.WaitFor("LIVE")
	p.Key("2")

	got := command(t, "submit", "--endpoint-url", s.url, "--user", "Burger_20", "--quantity", "3", "--restaurant", "Restaurant 4")
	var order submitted
	if err := json.Unmarshal([]byte(got.stdout), &order); err != nil || got.code != 0 {
		t.Fatalf("exit code %d, %v: stdout %q, stderr %q", got.code, err, got.stdout, got.stderr)
	}
	if order.MD5 != storyMD5 || order.Status != "accepted" || order.Order == "" || order.Order != order.Message {
		t.Errorf("got %+v", order)
	}
	posted := posts(t, s, `{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}`)
	if posted.MD5 != storyMD5 {
		t.Errorf("MD5 %s of the posted order, want %s", posted.MD5, storyMD5)
	}
	for _, id := range []string{order.Order, posted.ID} {
		p.WaitMatch(id[:6] + `.*✓ SUCCESS`)
	}
	quits(t, p)
}

// accepted is what a customer gets.
type accepted struct {
	ID  string `json:"MessageId"`
	MD5 string `json:"MD5OfMessageBody"`
}

// posts sends an order through the API.
func posts(t *testing.T, s *server, body string) accepted {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/Dev/orders/", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var reply struct {
		SendMessageResponse struct {
			SendMessageResult accepted
		}
	}
	if err := json.Unmarshal(text, &reply); err != nil || answer.StatusCode != http.StatusCreated {
		t.Fatalf("%s %v: %s", answer.Status, err, text)
	}
	return reply.SendMessageResponse.SendMessageResult
}

func TestCommandReadOnlyIsRefused(t *testing.T) {
	t.Parallel()
	s := serveLocal(t, "127.0.0.1:0", predictable()...)
	got := command(t, "submit", "--read-only", "--endpoint-url", s.url, "--user", "Burger_20", "--quantity", "3", "--restaurant", "Restaurant 4")
	if got.code != 3 || got.stdout != "" || !strings.Contains(got.stderr, "read-only") {
		t.Errorf("got %+v, want a refusal and the exit code 3", got)
	}
	p := start(t, 80, 24, "--read-only", "--endpoint-url", s.url)
	p.WaitFor("READ-ONLY")
	fillsTheForm(p)
	p.WaitFor(storyMD5)
	p.Key("enter")
	p.WaitFor("read-only")
	stopsTyping(p)
	p.Key("4")
	p.WaitFor("no dead letters")
	p.Key("i")
	p.WaitFor("read-only")
	quits(t, p)
	if got := s.counts(t, orderQueue); got != (counts{}) {
		t.Errorf("the order queue has %+v after a read-only session", got)
	}
}

// Where the audit file can't be written nothing is changed, but one can still look.
func TestCommandWithoutAnAuditFile(t *testing.T) {
	t.Parallel()
	s := serveLocal(t, "127.0.0.1:0", predictable()...)
	nowhere := append(hermetic("1"), "XDG_STATE_HOME="+os.DevNull+"/nowhere")
	got := commandIn(t, nowhere, "orders", "list", "--endpoint-url", s.url)
	if got.code == 0 || !strings.Contains(got.stderr, "--read-only") {
		t.Errorf("got %+v, want a refusal that tells of --read-only", got)
	}
	got = commandIn(t, nowhere, "orders", "list", "--read-only", "--endpoint-url", s.url)
	if got.code != 0 || strings.TrimSpace(got.stdout) != "[]" {
		t.Errorf("got %+v, want no orders", got)
	}
	p := ptytest.Start(t, ptytest.Options{Cols: 80, Rows: 24, Timeout: patience, Env: nowhere}, os.Args[0], "--read-only", "--endpoint-url", s.url)
	p.WaitFor("OrderStateMachine")
	p.WaitFor("READ-ONLY")
	quits(t, p)
}
