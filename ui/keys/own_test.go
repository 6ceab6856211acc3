package keys_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/keys"
)

func press(t *testing.T, text string) tea.KeyPressMsg {
	t.Helper()
	msg, err := keys.Press(text)
	if err != nil {
		t.Fatalf("%q %v", text, err)
	}
	return msg
}

func TestKeysOfTheProgramCanBeWrittenAndDoNotCollide(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	all := keys.Own{}
	for _, n := range keys.Names() {
		if seen[n.Name] {
			t.Errorf("%s is there twice", n.Name)
		}
		seen[n.Name] = true
		for _, k := range n.Keys {
			if msg := press(t, k); !keys.New("x", k).Match(msg) {
				t.Errorf("%s: %q is pressed as %q", n.Name, k, msg.String())
			}
		}
		if !n.Fixed {
			all[n.Name] = n.Keys
		}
	}
	if w, found := all.Check(); found {
		t.Errorf("the program's own keys: %+v", w)
	}
}

func TestMistakesInOwnKeysAreFound(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		own        keys.Own
		about      string
		reason     string
		next       string
		acceptable bool
	}{
		"fine":                       {own: keys.Own{"dead-letters.inspect": {"f5"}, "quit": {"Q", "ctrl+q"}}, acceptable: true},
		"a key that was given away":  {own: keys.Own{"refresh": {"f5"}, "overview.submit": {"r"}}, acceptable: true},
		"two that change places":     {own: keys.Own{"executions.stop": {"R"}, "executions.redrive": {"x"}}, acceptable: true},
		"the same key on two places": {own: keys.Own{"orders.find": {"f7"}, "activity.runs": {"f7"}}, acceptable: true},
		"a collision on a screen":    {own: keys.Own{"executions.stop": {"R"}}, about: "executions.stop", reason: `"R" would do two things on the screen executions: executions.stop and executions.redrive`, next: "another key"},
		"a collision everywhere":     {own: keys.Own{"help": {"q"}}, about: "help", reason: `"q" would do two things on every screen: help and quit`},
		"with what lists do":         {own: keys.Own{"dead-letters.inspect": {"space"}}, about: "dead-letters.inspect", reason: "dead-letters.inspect and mark"},
		"twice the same":             {own: keys.Own{"help": {"h", "h"}}, about: "help", reason: "two things"},
		"no such action":             {own: keys.Own{"dead-letters.inspct": {"f5"}}, about: "dead-letters.inspct", reason: "no action", next: "dead-letters.inspect?"},
		"the screen left out":        {own: keys.Own{"inspect": {"f5"}}, about: "inspect", next: "dead-letters.inspect?"},
		"reserved":                   {own: keys.Own{"quit": {"ctrl+c"}}, about: "quit", reason: `"ctrl+c" can't be taken`},
		"reserved esc":               {own: keys.Own{"quit": {"esc"}}, about: "quit", reason: `"esc" can't be taken`},
		"reserved enter":             {own: keys.Own{"mark": {"enter"}}, about: "mark", reason: `"enter" can't be taken`},
		"fixed":                      {own: keys.Own{"open": {"o"}}, about: "open", reason: "always has enter"},
		"no key":                     {own: keys.Own{"quit": {}}, about: "quit", reason: "no key", next: "keep q"},
		"no such key":                {own: keys.Own{"quit": {"ctrl+quit"}}, about: "quit", reason: "is no key"},
		"another spelling":           {own: keys.Own{"quit": {"shift+q"}}, about: "quit", reason: "is written Q"},
		"upper case with ctrl":       {own: keys.Own{"quit": {"ctrl+Q"}}, about: "quit", reason: "write ctrl+q"},
		"a control character":        {own: keys.Own{"quit": {"\x1b"}}, about: "quit", reason: "is no key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, found := test.own.Check()
			if found == test.acceptable || w.Name != test.about || !strings.Contains(w.Reason, test.reason) || !strings.Contains(w.Next, test.next) {
				t.Errorf("got %v, %+v", found, w)
			}
			if strings.Contains(w.Reason, "\x1b") {
				t.Errorf("a control character comes through: %q", w.Reason)
			}
		})
	}
}

func TestOwnKeysTakeThePlaceOfTheProgrammes(t *testing.T) {
	t.Parallel()
	own := keys.Own{"dead-letters.inspect": {"f5", "ctrl+g"}, "quit": {"Q"}}
	for _, test := range []struct {
		place, pressed, want string // "" is swallowed
	}{
		{"dead-letters", "f5", "i"},
		{"dead-letters", "ctrl+g", "i"},
		{"dead-letters", "i", ""},
		{"executions", "f5", "f5"},
		{"executions", "i", "i"},
		{"executions", "Q", "q"},
		{"dead-letters", "q", ""},
		{"dead-letters", "ctrl+c", "ctrl+c"},
	} {
		got, ok := own.Translate(test.place, press(t, test.pressed))
		if ok != (test.want != "") || ok && got.String() != test.want {
			t.Errorf("%s on %s: got %q, %v", test.pressed, test.place, got.String(), ok)
		}
	}
	if got := own.Shown("dead-letters", keys.New("inspect", "i")); got.Name() != "f5" || got.Help != "inspect" {
		t.Errorf("shown as %+v", got)
	}
	if got := own.Shown("executions", keys.New("other", "i")); got.Name() != "i" {
		t.Errorf("shown as %+v", got)
	}
	if own.Label("quit") != "Q" || own.Label("help") != "?" {
		t.Errorf("labels %q, %q", own.Label("quit"), own.Label("help"))
	}
}
