package monitor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"orderops/workflow"
)

// due are the feeds that are due.
func due(s *Schedule, at float64, in Interest) []Feed {
	var feeds []Feed
	for _, p := range s.Due(after(at), in) {
		feeds = append(feeds, p.Feed)
	}
	return feeds
}

// answer begins and answers everything that is due, without taking time.
func answer(s *Schedule, at float64, in Interest, err error) []Poll {
	polls := s.Due(after(at), in)
	for _, p := range polls {
		s.Begin(p, after(at))
		s.Done(p, err, after(at))
	}
	return polls
}

func watching() Interest { return Interest{Focused: true, LastInput: day()} }

// TestPaces counts the polls of every feed in ten minutes, driven by the
// schedule's own timer.
func TestPaces(t *testing.T) {
	t.Parallel()
	idle := Interest{LastInput: day().Add(-time.Hour), Executions: true, Open: arn("a"), Moves: true, Topic: true, Definition: true}
	idle.Positions, idle.Details, idle.Rows = []workflow.ExecutionARN{arn("a")}, []workflow.ExecutionARN{arn("a")}, []workflow.RowKey{{ID: "a"}}
	all := idle
	all.Focused = true
	moving := watching()
	moving.MoveRunning = true
	unfocused := all
	unfocused.Focused, unfocused.LastInput = false, day().Add(time.Hour)
	for name, test := range map[string]struct {
		interest Interest
		want     [feedCount]int
	}{
		"nothing shown":           {watching(), [feedCount]int{OrderQueueFeed: 120, DeadLetterQueueFeed: 120}},
		"everything shown":        {all, [feedCount]int{120, 120, 120, 600, 600, 600, 300, 60, 1, 10}},
		"unfocused, but in use":   {unfocused, [feedCount]int{120, 120, 120, 600, 600, 600, 300, 60, 1, 10}},
		"unfocused and idle":      {idle, [feedCount]int{OrderQueueFeed: 10, DeadLetterQueueFeed: 10}},
		"a move task, not shown":  {moving, [feedCount]int{OrderQueueFeed: 120, DeadLetterQueueFeed: 120, MovesFeed: 300}},
		"an execution at its end": {func() Interest { in := watching(); in.Open, in.Settled = arn("a"), true; return in }(), [feedCount]int{OrderQueueFeed: 120, DeadLetterQueueFeed: 120}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := NewSchedule(day())
			var got [feedCount]int
			for now := day(); now.Before(after(600)); now = now.Add(s.Next(now, test.interest)) {
				for _, p := range s.Due(now, test.interest) {
					s.Begin(p, now)
					s.Done(p, nil, now)
					got[p.Feed]++
				}
			}
			if got != test.want {
				t.Errorf("polls %v, want %v", got, test.want)
			}
		})
	}
}

func TestOneRequestInFlightPerFeed(t *testing.T) {
	t.Parallel()
	s := NewSchedule(day())
	polls := s.Due(day(), watching())
	if again := s.Due(day(), watching()); len(again) != len(polls) {
		t.Fatal("asking for what is due has begun it")
	}
	s.Begin(polls[0], day())
	if got := due(s, 100, watching()); !slices.Equal(got, []Feed{DeadLetterQueueFeed}) {
		t.Errorf("due while one is in flight: %v", got)
	}
	s.Done(polls[0], nil, after(100))
	if got := due(s, 104, watching()); slices.Contains(got, OrderQueueFeed) {
		t.Error("due again before its pace, counted from the answer")
	}
	if got := due(s, 105, watching()); !slices.Contains(got, OrderQueueFeed) {
		t.Error("not due after its pace")
	}
}

func TestALostRequestDoesNotStopAFeed(t *testing.T) {
	t.Parallel()
	s := NewSchedule(day())
	lost := s.Due(day(), watching())[0]
	s.Begin(lost, day())
	if got := due(s, lostAfter.Seconds(), watching()); !slices.Contains(got, OrderQueueFeed) {
		t.Fatal("the feed waits for ever")
	}
	if s.Current(lost) {
		t.Error("the answer of the lost request would still be taken")
	}
}

func TestAfterALongSleepNothingIsDueTwice(t *testing.T) {
	t.Parallel()
	s := NewSchedule(day())
	in := watching()
	in.Executions = true
	answer(s, 0, in, nil)
	if polls := answer(s, 8*3600, in, nil); len(polls) != 3 {
		t.Errorf("%d polls after the sleep, want one per feed", len(polls))
	}
	if got := due(s, 8*3600+1, in); len(got) != 0 {
		t.Errorf("a burst after the sleep: %v", got)
	}
}

func TestAClockSetBackDoesNotStopAFeed(t *testing.T) {
	t.Parallel()
	s := NewSchedule(day())
	answer(s, 3600, watching(), nil)
	if got := due(s, 0, watching()); len(got) != 2 {
		t.Errorf("due after the clock was set back: %v", got)
	}
}

func TestPauseAfterFailures(t *testing.T) {
	t.Parallel()
	throttled := &workflow.Problem{Kind: workflow.Throttled}
	told := &workflow.Problem{Kind: workflow.OverBudget, RetryAfter: 25 * time.Second}
	absurd := &workflow.Problem{Kind: workflow.Throttled, RetryAfter: time.Hour}
	for name, test := range map[string]struct {
		err  error
		want []float64 // seconds from each failure to the next try
	}{
		"any failure":  {errors.New("no route"), []float64{10, 20, 40, 60, 60, 60, 60, 60}},
		"throttled":    {throttled, []float64{10, 20, 40, 60, 60}},
		"over budget":  {told, []float64{25, 25, 40, 60, 60}},
		"told an hour": {absurd, []float64{60, 60}},
		"forbidden":    {&workflow.Problem{Kind: workflow.Forbidden}, []float64{30, 30}},
		"signed out":   {&workflow.Problem{Kind: workflow.Unauthenticated}, []float64{30, 30}},
		"given up":     {fmt.Errorf("poll: %w", context.Canceled), []float64{5, 5}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := NewSchedule(day())
			now := day()
			for i, want := range test.want {
				for _, p := range s.Due(now, watching()) {
					s.Begin(p, now)
					s.Done(p, test.err, now)
				}
				pause := s.Next(now, watching())
				if got := pause.Seconds(); got != want {
					t.Fatalf("pause %d is %v s, want %v", i, got, want)
				}
				now = now.Add(pause)
			}
		})
	}
}

func TestRecoveryAfterThrottlesIsSlow(t *testing.T) {
	t.Parallel()
	s := NewSchedule(day())
	answer(s, 0, watching(), &workflow.Problem{Kind: workflow.Throttled})
	answer(s, 10, watching(), nil)
	if got := due(s, 10+5, watching()); len(got) != 0 {
		t.Error("back at the full pace after one answer")
	}
	now := day().Add(10 * time.Second)
	for range 20 {
		now = now.Add(s.Next(now, watching()))
		for _, p := range s.Due(now, watching()) {
			s.Begin(p, now)
			s.Done(p, nil, now)
		}
	}
	if got := s.Next(now, watching()); got != 5*time.Second {
		t.Errorf("the pace after twenty answers is %v", got)
	}
}

func TestHiddenFeedsKeepTheirPause(t *testing.T) {
	t.Parallel()
	s := NewSchedule(day())
	shown := watching()
	shown.Executions = true
	answer(s, 0, shown, &workflow.Problem{Kind: workflow.Forbidden})
	answer(s, 5, watching(), nil)
	if got := due(s, 6, shown); slices.Contains(got, ExecutionsFeed) {
		t.Error("leaving and coming back made a failing feed due at once")
	}
}

func TestTouch(t *testing.T) {
	t.Parallel()
	s := NewSchedule(day())
	answer(s, 0, watching(), &workflow.Problem{Kind: workflow.Forbidden})
	s.Touch(OrderQueueFeed, MovesFeed)
	got := s.Due(after(1), watching())
	if len(got) != 2 || got[0].Feed != OrderQueueFeed || got[1].Feed != MovesFeed {
		t.Fatalf("due after a touch: %v, want also the feed that is not shown", got)
	}
	s.Begin(got[0], after(1))
	s.Touch(OrderQueueFeed)
	if d := due(s, 1, watching()); slices.Contains(d, OrderQueueFeed) {
		t.Error("a touch makes a second request in flight")
	}
	s.Done(got[0], nil, after(2))
	if d := due(s, 2, watching()); !slices.Contains(d, OrderQueueFeed) {
		t.Error("what was in flight may have been read before the touch; it is not read again")
	}
	answer(s, 2, watching(), nil)
	if d := due(s, 3, watching()); len(d) != 0 {
		t.Errorf("touched once, polled for ever: %v", d)
	}
}

func TestAnotherOpenExecutionDropsTheLateAnswer(t *testing.T) {
	t.Parallel()
	s := NewSchedule(day())
	a, b := watching(), watching()
	a.Open, a.After, b.Open = arn("a"), 7, arn("b")
	old := s.Due(day(), a)[2]
	if old.Execution != arn("a") || old.After != 7 {
		t.Fatalf("poll %+v", old)
	}
	s.Begin(old, day())
	next := s.Due(day(), b)
	if len(next) != 3 || next[2].Execution != arn("b") || s.Current(old) || !s.Current(next[2]) {
		t.Fatalf("due %+v; old current: %v", next, s.Current(old))
	}
	s.Begin(next[2], day())
	s.Done(old, errors.New("late"), after(1))
	if got := due(s, 60, b); slices.Contains(got, HistoryFeed) {
		t.Error("the late answer ended the new request")
	}
}

func TestEveryVisibleExecutionHasItsTurn(t *testing.T) {
	t.Parallel()
	s := NewSchedule(day())
	in := watching()
	in.Positions = []workflow.ExecutionARN{"a", "b", "c"}
	var got []workflow.ExecutionARN
	for i := range 5 {
		if i == 3 {
			in.Positions = []workflow.ExecutionARN{"a", "b"} // c, the last one, has gone
		}
		for _, p := range answer(s, float64(i), in, &workflow.Problem{Kind: workflow.NotFound}) {
			if p.Feed == PositionsFeed {
				got = append(got, p.Execution)
			}
		}
	}
	if !slices.Equal(got, []workflow.ExecutionARN{"a", "b", "c", "a", "b"}) {
		t.Errorf("turns %v; one that is gone must not hold up the others", got)
	}
}

func TestRowsPerCallAreBounded(t *testing.T) {
	t.Parallel()
	s := NewSchedule(day())
	in := watching()
	in.Rows = make([]workflow.RowKey, mostRows+1)
	polls := s.Due(day(), in)
	if n := len(polls[2].Rows); n != mostRows {
		t.Errorf("%d rows in one poll", n)
	}
}

func TestTheTimerWakesWhenAWaitEnds(t *testing.T) {
	t.Parallel()
	s := NewSchedule(day())
	in := watching()
	answer(s, 0, in, nil)
	in.Wake = after(2)
	if got := s.Next(day(), in); got != 2*time.Second {
		t.Errorf("next in %v", got)
	}
	in.Wake = after(-2)
	if got := s.Next(day(), in); got != time.Millisecond {
		t.Errorf("next in %v for what is overdue", got)
	}
}

// A slower pace holds for every feed, also while nobody looks; no pace makes one
// faster.
func TestSlowLeavesMoreTimeBetweenPolls(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name        string
		least, want time.Duration
	}{{"slower", 20 * time.Second, 20 * time.Second}, {"not faster", time.Second, 5 * time.Second}, {"none", 0, 5 * time.Second}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := NewSchedule(day())
			s.Slow(test.least)
			now, in := day(), Interest{Focused: true, LastInput: day()}
			for _, p := range s.Due(now, in) {
				s.Begin(p, now)
				s.Done(p, nil, now)
			}
			if got := s.Next(now, in); got != test.want {
				t.Errorf("the next poll is due in %s, want %s", got, test.want)
			}
			if early := s.Due(now.Add(test.want-time.Millisecond), in); len(early) > 0 {
				t.Errorf("%v is due before its time", early)
			}
			s.Touch(OrderQueueFeed)
			if due := s.Due(now.Add(time.Second), in); len(due) != 1 || due[0].Feed != OrderQueueFeed {
				t.Errorf("asked for at once, %v is due", due)
			}
		})
	}
}
