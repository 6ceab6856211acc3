package query

import (
	"errors"
	"strings"
	"testing"
	"time"
)

type row struct {
	text    string
	columns map[string]Value
}

func (r row) SearchText(b []byte) []byte { return append(b, r.text...) }

func (r row) Column(name string) (Value, bool) {
	v, ok := r.columns[name]
	return v, ok
}

func names() []string {
	return []string{"status", "state", "duration", "started", "receives", "error"}
}

func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func sample() row {
	return row{
		text: "7c1e burger_20 restaurant 4 wait30seconds",
		columns: map[string]Value{
			"status":   {Kind: Text, Text: "RUNNING"},
			"state":    {Kind: Text, Text: "Wait30Seconds"},
			"duration": {Kind: Duration, Duration: 31*time.Second + 400*time.Millisecond},
			"started":  {Kind: Time, Time: noon().Add(-3 * time.Minute)},
			"receives": {Kind: Number, Number: 4},
			"error":    {Kind: Text, Text: "payment method declined"},
		},
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"":                                 true,
		"   ":                              true,
		"burger":                           true,
		"BURGER":                           true,
		"pizza":                            false,
		"!pizza":                           true,
		"!burger":                          false,
		"burger 7c1e":                      true,
		"burger pizza":                     false,
		`"restaurant 4"`:                   true,
		`"4 restaurant"`:                   false,
		"~brgr":                            true,
		"~rgrb9":                           false,
		"brgr":                             false,
		"status:running":                   true,
		"status:run":                       true,
		"status:=run":                      false,
		"status:=Running":                  true,
		"!status:running":                  false,
		"status:failed,running":            true,
		"status:failed,aborted":            false,
		"status:":                          true,
		"STATUS:running":                   true,
		`error:"method declined"`:          true,
		`error:"declined method"`:          false,
		`error:="payment method declined"`: true,
		`error:="payment method"`:          false,
		`error:"open quo`:                  false,
		"duration:>30s":                    true,
		"duration:>31s":                    true,
		"duration:>32s":                    false,
		"duration:<1m":                     true,
		"duration:<=31s":                   false,
		"duration:31s":                     true,
		"duration:30s":                     false,
		"duration:30s..1m":                 true,
		"duration:1m..2m":                  false,
		"duration:>":                       true,
		"started:<5m":                      true,
		"started:>5m":                      false,
		"started:5m":                       true,
		"started:1m..4m":                   true,
		"started:>1d":                      false,
		"started:<1d2h":                    true,
		"started:2026-11-23":               true,
		"started:2026-11-22":               false,
		"started:>2026-11-23":              true,
		"started:<2026-11-23T11:58":        true,
		"receives:4":                       true,
		"receives:40":                      false,
		"receives:>=4":                     true,
		"receives:>4":                      false,
		"receives:1..9":                    true,
		"receives:5..9":                    false,
		"status:>5":                        false,
		"arn:aws:states":                   false,
		"12:30":                            false,
		"https://x":                        false,
		`"status:running"`:                 false,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			q, err := Parse(text, names()...)
			if err != nil {
				t.Fatal(err)
			}
			if got := q.Match(sample(), noon()); got != want {
				t.Errorf("match = %v, want %v", got, want)
			}
			if q.String() != text {
				t.Errorf("String() = %q", q.String())
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		offset  int
		problem string
	}{
		"stauts:failed":         {0, `no column "stauts"`},
		"burger stauts:failed":  {7, `no column "stauts"`},
		"duration:>soon":        {0, "no number, duration or date"},
		"x duration:1s,<=later": {2, "no number, duration or date"},
	} {
		_, err := Parse(text, names()...)
		problem, ok := errors.AsType[*SyntaxError](err)
		if !ok || problem.Offset != want.offset || !strings.Contains(problem.Problem, want.problem) {
			t.Errorf("Parse(%q) = %#v, want %q at %d", text, err, want.problem, want.offset)
		}
	}
}

func TestUnknownTimeMatchesNoRange(t *testing.T) {
	t.Parallel()
	r := row{columns: map[string]Value{"started": {Kind: Time}}}
	for _, text := range []string{"started:<5m", "started:>5m", "started:2026"} {
		q, err := Parse(text, names()...)
		if err != nil {
			t.Fatal(err)
		}
		if q.Match(r, noon()) {
			t.Errorf("%q matches a time that is not known", text)
		}
	}
}

func TestRelative(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"burger": false, "5m": false, "started:<5m": true, "status:failed": false, "status:x,1s": true} {
		q, err := Parse(text, names()...)
		if err != nil {
			t.Fatal(err)
		}
		if q.Relative() != want {
			t.Errorf("Relative of %q = %v, want %v", text, !want, want)
		}
	}
}

func TestMatchDoesNotAllocate(t *testing.T) { //nolint:paralleltest // AllocsPerRun counts the whole process
	q, err := Parse("burger status:run duration:>3s !error:boom", names()...)
	if err != nil {
		t.Fatal(err)
	}
	var r Row = sample()
	if n := testing.AllocsPerRun(100, func() { q.Match(r, noon()) }); n != 0 {
		t.Errorf("%v allocations per match", n)
	}
}

// FuzzParse: whatever is typed, parsing does not crash, and a query and its
// negation never agree on a single term.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "a b", "status:x", `error:="a b`, "duration:>3d4h,1..2", "!~q", "!", "a:b:c", "\xff:\"", "started:..", ":"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := Parse(text, names()...)
		if err != nil {
			if problem, ok := errors.AsType[*SyntaxError](err); !ok || problem.Offset < 0 || problem.Offset > len(text) {
				t.Fatalf("error %#v", err)
			}
			return
		}
		got := q.Match(sample(), noon())
		if len(q.terms) == 1 {
			q.terms[0].negated = !q.terms[0].negated
			if q.Match(sample(), noon()) == got {
				t.Fatal("a negated term gives the same answer")
			}
		}
	})
}
