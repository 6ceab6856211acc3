package monitor

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"orderops/workflow"
	"orderops/workflow/definition"
	"orderops/workflow/query"
)

// texts are what the findings of some kinds say at a time.
func texts(s *Store, at float64, kinds ...FindingKind) []string {
	var said []string
	for _, f := range s.Findings(after(at)) {
		if slices.Contains(kinds, f.Kind) {
			said = append(said, f.Text)
		}
	}
	return said
}

func TestTheConsumerIsWatched(t *testing.T) {
	t.Parallel()
	queue := func(at float64, visible, inFlight int) Change {
		return QueueRead{Role: OrderQueue, Queue: workflow.Queue{Visible: visible, InFlight: inFlight}, At: after(at)}
	}
	consumer := func(state string) Change {
		return ConsumerRead{Consumer: workflow.Consumer{UUID: "u", Function: "OrderConsumer", State: state}, At: day()}
	}
	for name, test := range map[string]struct {
		changes []Change
		want    []string
	}{
		"not known":                 {[]Change{queue(0, 0, 0)}, nil},
		"enabled, nothing waits":    {[]Change{consumer("Enabled"), queue(0, 0, 0), queue(70, 0, 0)}, nil},
		"works":                     {[]Change{consumer("Enabled"), queue(0, 90, 10), queue(70, 80, 10)}, nil},
		"a moment without":          {[]Change{consumer("Enabled"), queue(0, 1, 0), queue(50, 1, 0)}, nil},
		"read meanwhile":            {[]Change{consumer("Enabled"), queue(0, 1, 0), queue(50, 1, 1), queue(70, 1, 0)}, nil},
		"nobody reads":              {[]Change{consumer("Enabled"), queue(0, 7, 0), queue(70, 9, 0)}, []string{"nobody reads the order queue: 9 orders wait"}},
		"nobody reads, not allowed": {[]Change{queue(0, 1, 0), queue(70, 1, 0)}, []string{"nobody reads the order queue: 1 order waiting"}},
		"switched off":              {[]Change{consumer("Disabled"), queue(0, 0, 0)}, []string{"the consumer OrderConsumer is switched off (Disabled)"}},
		"being switched off":        {[]Change{consumer("Disabling"), queue(0, 2, 0)}, []string{"the consumer OrderConsumer is switched off (Disabling): 2 orders wait"}},
		"being switched on":         {[]Change{consumer("Enabling"), queue(0, 2, 0)}, nil},
		"none":                      {[]Change{ConsumerRead{At: day()}, queue(0, 0, 0)}, []string{"no consumer: no event source mapping reads the order queue"}},
	} {
		s := NewStore()
		s.Apply(test.changes...)
		if got := texts(s, 71, ConsumerIdle); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// perMinute is a series of 30 minutes with the same value in each.
func perMinute(value float64) workflow.Series {
	return slices.Repeat(workflow.Series{value}, 30)
}

func TestDeletionsAreComparedWithStarts(t *testing.T) {
	t.Parallel()
	lately := func(value float64, minutes ...int) workflow.Series { // counted back from now
		s := perMinute(0)
		for _, m := range minutes {
			s[29-m] = value
		}
		return s
	}
	for name, test := range map[string]struct {
		deleted, started workflow.Series
		said             bool
	}{
		"no metrics":                      {nil, nil, false},
		"nothing told":                    {perMinute(math.NaN()), perMinute(math.NaN()), false},
		"each starts":                     {perMinute(10), perMinute(10), false},
		"a start falls into the next one": {lately(10, 2), lately(10, 1), false},
		"two doubled deliveries":          {lately(12, 5), lately(10, 5), false},
		"the newest are not told yet":     {lately(10, 0, 1), lately(10), false},
		"one of ten starts":               {perMinute(10), perMinute(1), true},
		"nothing starts":                  {lately(3, 9), perMinute(math.NaN()), true},
		"long ago":                        {lately(50, 25), perMinute(0), false},
	} {
		s := NewStore()
		s.Apply(MetricsRead{Metrics: workflow.Metrics{Deleted: test.deleted, Started: test.started}, At: day()})
		if got := texts(s, 1, OrdersLost); (len(got) == 1) != test.said {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestThrottlesAndUnconfirmedMail(t *testing.T) {
	t.Parallel()
	s := NewStore()
	throttled := perMinute(math.NaN())
	throttled[20] = 4
	s.Apply(
		ConsumerRead{Consumer: workflow.Consumer{UUID: "u", Function: "OrderConsumer", State: "Enabled"}, At: day()},
		MetricsRead{Metrics: workflow.Metrics{Throttles: throttled, Throttled: perMinute(0)}, At: day()},
		TopicRead{Topic: workflow.Topic{Pending: 1}, At: day()},
	)
	want := []string{"4 invocations of the consumer OrderConsumer throttled in 15 min", "1 subscription of the topic unconfirmed: no mail until the address confirms"}
	if got := texts(s, 1, CallsThrottled, MailUnconfirmed); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// measured is a store that has seen a hundred executions save their order within
// a second, up to 100 s.
func measured() *Store {
	s := NewStore()
	defined := definitionRead()
	defined.Machine.States[0].Edges = []definition.Edge{{To: "Wait30Seconds", Kind: definition.Next}}
	s.Apply(defined)
	for i := range 100 {
		events := begun(fmt.Sprint("x", i))
		events[2].Time = after(1)
		s.Apply(logRead(3, events...))
	}
	return s
}

func TestExecutionsThatStayTooLongAreTold(t *testing.T) {
	t.Parallel()
	s := measured()
	stuck, young := begun("stuck")[:2], begun("young")[:2]
	stuck[1].Time, young[1].Time = after(40), after(95)
	s.Apply(logRead(98, slices.Concat(stuck, young)...), LogRead{At: after(100)})
	s.Tick(after(101))
	found := s.Findings(after(101))
	if len(found) != 1 || found[0].Kind != Stuck || found[0].Text != "1 execution in SaveOrder for up to 1 m 0 s (p99 991 ms)" {
		t.Fatalf("%+v", found)
	}
	q, err := query.Parse(found[0].Link.Filter, s.Executions().Columns()...)
	if err != nil {
		t.Fatal(err)
	}
	s.Executions().SetFilter(q, after(101))
	if s.Executions().Len() != 1 || s.Executions().At(0).Name != "stuck" {
		t.Errorf("%s shows %d rows", found[0].Link.Filter, s.Executions().Len())
	}
	// What the log has not told for a minute is not claimed.
	s.Tick(after(170))
	if got := texts(s, 170, Stuck); got != nil {
		t.Errorf("%q", got)
	}
	s.Apply(logRead(171, logAt("stuck", 9, "WaitStateEntered", "Wait30Seconds", 102), logAt("young", 9, "WaitStateEntered", "Wait30Seconds", 102)))
	s.Tick(after(172))
	if got := texts(s, 172, Stuck); got != nil {
		t.Errorf("gone on: %q", got)
	}
}

func TestFailuresAreGroupedByStateAndCause(t *testing.T) {
	t.Parallel()
	s := NewStore()
	s.Apply(definitionRead())
	for i, cause := range []string{
		`{"errorMessage":"card 4711 declined","errorType":"Declined","requestId":"17"}`,
		`{"errorMessage":"card 4712 declined","errorType":"Declined","requestId":"18"}`,
		`{"errorMessage":"no \"kitchen\"","errorType":"Declined"}`,
	} {
		name := fmt.Sprint("x", i)
		end := logAt(name, 9, "ExecutionFailed", "", 40)
		end.Error, end.Cause = "Declined", cause
		s.Apply(logRead(41, append(begun(name), end)...))
	}
	found := s.Findings(after(50))
	if len(found) != 2 {
		t.Fatalf("%+v", found)
	}
	for _, f := range found {
		n := 1
		if strings.Contains(f.Text, "card") {
			n = 2
			if f.Text != "2 executions without success in Wait30Seconds: Declined: card … declined" {
				t.Errorf("%q", f.Text)
			}
		}
		q, err := query.Parse(f.Link.Filter, s.Executions().Columns()...)
		if err != nil {
			t.Fatalf("%s: %v", f.Link.Filter, err)
		}
		s.Executions().SetFilter(q, after(50))
		if s.Executions().Len() != n {
			t.Errorf("%s shows %d rows, not %d", f.Link.Filter, s.Executions().Len(), n)
		}
	}
}

func TestRowsAreCheckedOnceTheNewestFirst(t *testing.T) {
	t.Parallel()
	s := NewStore()
	s.Apply(definitionRead())
	for i := range 40 {
		name := fmt.Sprintf("x%02d", i)
		s.Apply(logRead(41, append(begun(name), logAt(name, 9, "ExecutionSucceeded", "", 40+float64(i)/10))...))
	}
	if keys := s.Interest(Shown{Checks: true}, after(45)).Checks; keys != nil {
		t.Errorf("too soon: %v", keys)
	}
	asked := 0
	for range 5 {
		in := s.Interest(Shown{Checks: true}, after(60))
		if len(in.Checks) == 0 {
			break
		}
		if asked == 0 && (len(in.Checks) != mostChecks || in.Checks[0].ID != "x39") {
			t.Errorf("%v", in.Checks)
		}
		asked += len(in.Checks)
		var rows []workflow.Row
		for _, key := range in.Checks {
			rows = append(rows, workflow.Row{RowKey: key, Status: workflow.Success})
		}
		s.Apply(RowsChecked{Asked: in.Checks, Rows: rows, At: after(60)})
	}
	if done, of := s.Checked(); asked != 40 || done != 40 || of != 40 {
		t.Errorf("asked for %d; %d of %d", asked, done, of)
	}
	if len(s.Findings(after(61))) != 0 {
		t.Errorf("%+v", s.Findings(after(61)))
	}
}
