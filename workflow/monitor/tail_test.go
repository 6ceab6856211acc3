package monitor

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"orderops/workflow"
	"orderops/workflow/definition"
)

// logAt is an event of an execution as the log tells it.
func logAt(name string, id int64, kind, state string, seconds float64) workflow.LogEvent {
	return workflow.LogEvent{Execution: arn(name), Event: workflow.Event{ID: id, Type: kind, State: state, Time: after(seconds)}}
}

// begun is the log of an execution that waits.
func begun(name string) []workflow.LogEvent {
	started := logAt(name, 1, "ExecutionStarted", "", 0)
	started.Input = input(name)
	return []workflow.LogEvent{started, logAt(name, 2, "TaskStateEntered", "SaveOrder", 0), logAt(name, 7, "WaitStateEntered", "Wait30Seconds", 2)}
}

func logRead(at float64, events ...workflow.LogEvent) LogRead {
	return LogRead{Page: workflow.LogPage{Events: events}, At: after(at)}
}

func definitionRead() DefinitionRead {
	return DefinitionRead{Machine: machine(), LogGroup: "/states", LogLevel: "ALL", At: day()}
}

func TestTheLogTellsWhereExecutionsAre(t *testing.T) {
	t.Parallel()
	failed := logAt("a", 9, "ExecutionFailed", "", 40)
	failed.Error, failed.Cause = "E", "too slow"
	s := NewStore()
	s.Apply(definitionRead(), logRead(3, begun("a")...))
	e := execution(t, s, "a")
	if e.Status != workflow.Running || e.State != "Wait30Seconds" || e.StateKind != "Wait" || !e.WaitUntil().Equal(after(32)) || !e.Started.Equal(day()) || e.UserID != "Burger_20" {
		t.Fatalf("%+v", e)
	}
	// It is told to the end without a list; the list is older and changes nothing.
	s.Apply(logRead(41, failed), listed(after(20), running("a")))
	if e := execution(t, s, "a"); e.Status != workflow.Failed || e.State != "Wait30Seconds" || e.Error != "E" || e.Cause != "too slow" || !e.Stopped.Equal(after(40)) {
		t.Fatalf("%+v", e)
	}
	redriven := logAt("a", 10, "ExecutionRedriven", "", 50)
	redriven.RedriveCount, redriven.Event.RedriveCount = 1, 1
	s.Apply(logRead(51, redriven))
	if e := execution(t, s, "a"); e.Status != workflow.Running || e.State != "Wait30Seconds" || e.RedriveCount != 1 || !e.Stopped.IsZero() {
		t.Fatalf("%+v", e)
	}
}

func TestTheStateOfAnEndThatTheLogHasNotToldIsNotKnown(t *testing.T) {
	t.Parallel()
	s := NewStore()
	s.Apply(definitionRead(), logRead(3, begun("a")...), listed(after(60), over("a", workflow.Succeeded, after(50))))
	if e := execution(t, s, "a"); e.Status != workflow.Succeeded || e.State != "" {
		t.Errorf("%+v", e)
	}
	s.Apply(logRead(61, logAt("a", 20, "ExecutionSucceeded", "", 50)), logRead(62, logAt("a", 18, "TaskStateEntered", "OrderSuccess", 49)))
	if e := execution(t, s, "a"); e.State != "OrderSuccess" {
		t.Errorf("%+v", e)
	}
}

// life is an execution as it really was: its events, and what a list says after each.
type life struct {
	events []workflow.LogEvent
	truth  []workflow.Execution
	states []string
}

// drawLife makes a run of states with ends and redrives, whose redrives enter the
// state again or not: both forms are known.
func drawLife(t *rapid.T, name string) life {
	var l life
	e := running(name)
	e.Started = day()
	id, state, at := int64(0), "", 0.0
	tell := func(kind, entered string, step int64) {
		id += step
		at++
		ev := logAt(name, id, kind, entered, at)
		ev.RedriveCount = e.RedriveCount
		if entered != "" {
			state = entered
		}
		if end := ended(kind); end != "" {
			e.Status, e.Stopped = end, after(at)
		}
		l.events, l.truth, l.states = append(l.events, ev), append(l.truth, e), append(l.states, state)
	}
	tell("ExecutionStarted", "", 1)
	l.events[0].Time, l.events[0].Input = day(), input(name)
	for n := rapid.IntRange(0, 2).Draw(t, "redrives"); ; n-- {
		for range rapid.IntRange(1, 4).Draw(t, "states") {
			tell(rapid.SampledFrom([]string{"TaskStateEntered", "WaitStateEntered", "ChoiceStateEntered"}).Draw(t, "kind"),
				rapid.SampledFrom([]string{"A", "B", "C", "Wait30Seconds"}).Draw(t, "state"), int64(rapid.IntRange(1, 6).Draw(t, "apart")))
		}
		if n == 0 {
			break
		}
		tell(rapid.SampledFrom([]string{"ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"}).Draw(t, "end"), "", 1)
		e.RedriveCount++
		e.Status, e.Stopped = workflow.Running, time.Time{}
		tell("ExecutionRedriven", "", 1)
	}
	if end := rapid.SampledFrom([]string{"", "ExecutionSucceeded", "ExecutionFailed"}).Draw(t, "last"); end != "" {
		tell(end, "", 2)
	}
	return l
}

// TestWhateverTheLogDoesThePictureComesTrue delivers the logs of some executions
// late, doubled and in any order, with lists that lag between them: in the end
// status, state and every total are the truth. Where events got lost, the list
// still tells what has ended, and no state is told that was never entered.
func TestWhateverTheLogDoesThePictureComesTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lives := []life{drawLife(t, "a"), drawLife(t, "b")}
		lossy := rapid.Bool().Draw(t, "lossy")
		var events []workflow.LogEvent
		for _, l := range lives {
			for _, e := range l.events {
				copies := rapid.IntRange(1, 3).Draw(t, "copies")
				if lossy && rapid.IntRange(0, 3).Draw(t, "lost") == 0 {
					copies = 0
				}
				for range copies {
					events = append(events, e)
				}
			}
		}
		if len(events) > 0 {
			events = rapid.Permutation(events).Draw(t, "order")
		}
		s := NewStore()
		s.Apply(definitionRead())
		at, seen := 100.0, []int{0, 0}
		for len(events) > 0 {
			at++
			n := rapid.IntRange(1, len(events)).Draw(t, "page")
			check(t, s, logRead(at, events[:n]...))
			events = events[n:]
			if rapid.Bool().Draw(t, "list") {
				i := rapid.IntRange(0, 1).Draw(t, "which")
				seen[i] = rapid.IntRange(seen[i], len(lives[i].truth)-1).Draw(t, "lag")
				check(t, s, listed(after(at), lives[i].truth[seen[i]]))
			}
		}
		for _, l := range lives {
			last := len(l.truth) - 1
			check(t, s, listed(after(at+1), l.truth[last]))
			want := l.truth[last]
			got, ok := s.Executions().Get(want.ARN)
			if !ok || got.Status != want.Status || got.RedriveCount != want.RedriveCount || !got.Stopped.Equal(want.Stopped) {
				t.Fatalf("%+v, want %+v", got, want)
			}
			if !lossy && got.State != l.states[last] {
				t.Fatalf("%s in %q, want %q", got.Name, got.State, l.states[last])
			}
			if lossy && got.State != "" && !slices.Contains(l.states, got.State) {
				t.Fatalf("%s in %q, where it never was", got.Name, got.State)
			}
		}
	})
}

// ask is the page that the store wants to read.
func ask(s *Store, at float64) LogRange {
	return s.Interest(Shown{Executions: true}, after(at)).Log
}

func TestTheTailReadsOneWindowAfterTheOther(t *testing.T) {
	t.Parallel()
	s := NewStore()
	if got := ask(s, 0); got != (LogRange{}) {
		t.Errorf("before the definition is read: %+v", got)
	}
	s.Apply(definitionRead())
	first := ask(s, 100)
	if first != (LogRange{Group: "/states", From: after(70)}) {
		t.Fatalf("%+v", first)
	}
	page := func(asked LogRange, at float64, next string, newest float64) {
		s.Apply(LogRead{Asked: asked, At: after(at), Page: workflow.LogPage{Next: next, Newest: after(newest)}})
	}
	page(first, 100, "t1", 80)
	if p := s.Positions(after(101)); !p.AsOf.Equal(after(80)) {
		t.Errorf("behind: %+v", p)
	}
	second := ask(s, 102)
	if second != (LogRange{Group: "/states", From: after(70), Token: "t1"}) {
		t.Fatalf("%+v", second)
	}
	page(second, 102, "", 99)
	// All that had arrived when the window began is known.
	if p := s.Positions(after(103)); !p.AsOf.Equal(after(100)) {
		t.Errorf("caught up: %+v", p)
	}
	if third := ask(s, 104); third != (LogRange{Group: "/states", From: after(70)}) {
		t.Errorf("the next window: %+v", third)
	}
	if !s.tailing(after(130)) || s.tailing(after(161)) {
		t.Error("a tail that stands still for a minute does not tell the present")
	}
}

func TestTheTailLooksBackForWhatHadBegunBefore(t *testing.T) {
	t.Parallel()
	s := NewStore()
	s.Apply(definitionRead(), listed(after(100), running("old")))
	read := func(at float64) LogRange {
		asked := ask(s, at)
		s.Apply(LogRead{Asked: asked, At: after(at)})
		return asked
	}
	var back []LogRange
	for i := range 10 {
		asked := read(100 + 2*float64(i))
		if asked.Back != (i%2 == 1) {
			t.Fatalf("page %d: %+v", i, asked)
		}
		if asked.Back {
			back = append(back, asked)
		}
	}
	for i, minutes := range []float64{5, 10, 20, 40, 80} {
		if got := back[i].To.Sub(back[i].From); got.Minutes() != minutes {
			t.Errorf("look %d goes back %s", i, got)
		}
		if i > 0 && !back[i].To.Equal(back[i-1].From) {
			t.Errorf("look %d leaves a gap: %+v", i, back)
		}
	}
	// Found: only the present is read.
	s.Apply(LogRead{Asked: back[4], At: after(120), Page: workflow.LogPage{Events: begun("old")}})
	for i := range 4 {
		if asked := read(122 + 2*float64(i)); asked.Back {
			t.Errorf("still looks back: %+v", asked)
		}
	}
	// What is in no log at all is not looked for without end.
	s.Apply(listed(after(140), running("other")))
	pages := 0
	for i := range 500 {
		if read(140 + 2*float64(i)).Back {
			pages++
		}
	}
	if pages > mostBack {
		t.Errorf("%d pages back", pages)
	}
}

func TestWithoutALogHistoriesTell(t *testing.T) {
	t.Parallel()
	visible := Shown{Executions: true, VisibleExecutions: []workflow.ExecutionARN{arn("a")}}
	for name, test := range map[string]struct {
		changes []Change
		asked   bool // for the history
		why     string
	}{
		"tailed": {[]Change{definitionRead(), logRead(10, begun("a")...)}, false, ""},
		"tailed, but not found": {
			[]Change{definitionRead(), logRead(10), listed(after(10), running("a"))}, true, "",
		},
		"no log group": {
			[]Change{DefinitionRead{Machine: machine(), LogLevel: "OFF", At: day()}, listed(after(10), running("a"))}, true, "the state machine has no log group",
		},
		"level ERROR": {
			[]Change{DefinitionRead{Machine: machine(), LogGroup: "/states", LogLevel: "ERROR", At: day()}, listed(after(10), running("a"))},
			true,
			"the state machine logs at level ERROR, not ALL",
		},
		"forbidden": {
			[]Change{definitionRead(), listed(after(10), running("a")), FeedFailed{Feed: LogFeed, Err: &workflow.Problem{Kind: workflow.Forbidden}, At: after(10)}},
			true,
			"no permission logs:FilterLogEvents",
		},
		"deleted": {
			[]Change{definitionRead(), listed(after(10), running("a")), FeedFailed{Feed: LogFeed, Err: &workflow.Problem{Kind: workflow.NotFound}, At: after(10)}},
			true,
			"the log group /states does not exist",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := NewStore()
			s.Apply(test.changes...)
			in := s.Interest(visible, after(35)) // after the wait
			if got := slices.Contains(in.Positions, arn("a")); got != test.asked {
				t.Errorf("history asked for: %v", got)
			}
			if p := s.Positions(after(35)); p.Why != test.why {
				t.Errorf("%+v", p)
			}
		})
	}
}

func TestStatesAreMeasured(t *testing.T) {
	t.Parallel()
	s := NewStore()
	defined := definitionRead()
	defined.Machine.States[0].Edges = []definition.Edge{{To: "Wait30Seconds", Kind: definition.Next}}
	s.Apply(defined)
	for i := range 100 {
		name := fmt.Sprint("x", i)
		events := begun(name)
		events[2].Time = after(float64(i+1) / 100) // SaveOrder took 10 ms to 1 s
		s.Apply(logRead(3, events...), logRead(4, events...))
	}
	spread := s.StateSpread("SaveOrder")
	if spread.Count != 100 || !near(spread.P50, 500*time.Millisecond) || !near(spread.P95, 950*time.Millisecond) || !near(spread.P99, 990*time.Millisecond) {
		t.Errorf("%+v", spread)
	}
	// The state between was missed: nothing is known of how long it took.
	s.Apply(logRead(5, logAt("y", 2, "TaskStateEntered", "Wait30Seconds", 0), logAt("y", 30, "TaskStateEntered", "SaveOrder", 90)))
	if n := s.StateSpread("Wait30Seconds").Count; n != 0 {
		t.Errorf("%d", n)
	}
}

func near(got, want time.Duration) bool { return got >= want*98/100 && got <= want*102/100 }
