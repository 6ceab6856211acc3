package deadletters

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
)

const url = "https://sqs.eu-west-1.amazonaws.com/123456789012/OrderDeathLetterQueue"

// queue holds one dead letter and remembers what was asked of it.
type queue struct {
	operation.Queue
	calls   []string
	refuses bool // does not take messages back
}

func (q *queue) Describe(context.Context, string) (workflow.Queue, error) {
	return workflow.Queue{Name: "OrderDeathLetterQueue", URL: url, ARN: "arn", Visible: 1}, nil
}

func (q *queue) Moves(context.Context, string) ([]workflow.MoveTask, error) { return nil, nil }
func (q *queue) DeadLetterSources(context.Context, string) ([]string, error) {
	return []string{"o"}, nil
}

func (q *queue) StartMove(context.Context, string, string, int) (string, error) {
	q.calls = append(q.calls, "move")
	return "task", nil
}

func (q *queue) Receive(context.Context, string, int, time.Duration) ([]workflow.Message, error) {
	q.calls = append(q.calls, "receive")
	return []workflow.Message{{ID: "m", ReceiptHandle: "h"}}, nil
}

func (q *queue) SetVisibility(_ context.Context, _ string, handles []string, _ time.Duration) (map[string]string, error) {
	q.calls = append(q.calls, "give back")
	if q.refuses {
		return map[string]string{handles[0]: "no"}, nil
	}
	return nil, nil
}

// stage is the screen in view, connected to a queue.
type stage struct {
	*Screen
	t     *testing.T
	queue *queue
	held  *operation.Inspection
	said  []string // toasts
	asked []action.Ask
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, queue: &queue{}}
	world := &action.World{Store: monitor.NewStore(), Context: t.Context(), Now: time.Now()}
	world.Desk = operation.NewDesk(workflow.Deployment{DeadLetterURL: url}, s.queue, nil, operation.Options{})
	world.Hold = func(i *operation.Inspection) { s.held = i }
	s.Screen = New(world)
	s.Show(action.Open{})
	s.SetSize(100, 30)
	return s
}

// play runs a command and all that follow from it, except timers.
func (s *stage) play(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	// A timer is recognised by its not answering at once.
	answer := make(chan tea.Msg, 1)
	go func() { answer <- cmd() }()
	synctest.Wait()
	select {
	case msg := <-answer:
		s.take(msg)
	default:
	}
}

func (s *stage) take(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
	case action.Done:
		s.world.Store.Apply(msg.Changes...)
		if msg.Err != nil {
			s.said = append(s.said, msg.Err.Error())
		}
		s.take(msg.Then)
	case action.Say:
		s.said = append(s.said, msg.Text)
	case action.Ask:
		s.asked = append(s.asked, msg)
	default:
		if v := reflect.ValueOf(msg); v.Kind() == reflect.Slice { // a batch or a sequence
			for i := range v.Len() {
				if cmd, ok := reflect.TypeAssert[tea.Cmd](v.Index(i)); ok {
					s.play(cmd)
				}
			}
			return
		}
		s.play(s.Update(msg))
	}
	s.Refresh()
}

func (s *stage) inspection() *operation.Inspection {
	s.t.Helper()
	i, _, err := s.world.Desk.Inspect(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return i
}

// onStage plays in virtual time; timers that are left run out.
func onStage(t *testing.T, test func(s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		test(newStage(t))
		time.Sleep(time.Hour)
	})
}

func TestASecondInspectionIsForgotten(t *testing.T) {
	t.Parallel()
	onStage(t, func(s *stage) {
		first, second := s.inspection(), s.inspection()
		s.take(opened{first})
		s.take(opened{second})
		if s.look.inspection != first || s.held != first || s.index().Total() != 1 {
			s.t.Errorf("%d messages are listed of inspection %p, want %p", s.index().Total(), s.look.inspection, first)
		}
	})
}

func TestInspectingTwiceAtOnceIsUnavailable(t *testing.T) {
	t.Parallel()
	onStage(t, func(s *stage) {
		s.inspection() // so that it is agreed to
		s.inspect()
		if s.inspectAction().Unavailable == "" {
			s.t.Error("another inspection can be begun")
		}
	})
}

func TestWhatComesAfterLeaving(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		msg  func(s *stage, i *operation.Inspection) tea.Msg
		said string // "" is nothing
	}{
		"an inspection": {func(_ *stage, i *operation.Inspection) tea.Msg { return opened{i} }, "not inspected"},
		"a plan":        {func(*stage, *operation.Inspection) tea.Msg { return planned{} }, "not redriven"},
		"a receive that came too late": {func(s *stage, i *operation.Inspection) tea.Msg {
			s.look.inspection = i
			_, err := i.Next(s.world.Context)
			return page{inspection: i, err: err}
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onStage(t, func(s *stage) {
				i := s.inspection()
				s.play(s.Hide())
				if name == "a receive that came too late" {
					if _, err := i.Release(s.t.Context()); err != nil {
						s.t.Fatal(err)
					}
				}
				s.take(c.msg(s, i))
				if len(s.asked) > 0 || len(s.queue.calls) > 0 || s.held != nil || s.index().Total() > 0 {
					s.t.Errorf("asked %v, called %v, holds %p", s.asked, s.queue.calls, s.held)
				}
				if said := strings.Join(s.said, "|"); !strings.HasPrefix(said, c.said) || (said == "") != (c.said == "") {
					s.t.Errorf("said %q", said)
				}
			})
		})
	}
}

func TestRedriveGivesBackWhatIsHeldByThen(t *testing.T) {
	t.Parallel()
	onStage(t, func(s *stage) {
		s.play(s.redrive())
		s.take(opened{s.inspection()}) // begun before, answered after the plan
		if len(s.asked) != 1 {
			s.t.Fatalf("asked %v", s.asked)
		}
		s.queue.calls = nil
		s.take(s.asked[0].Apply(s.t.Context(), 10))
		if !slices.Equal(s.queue.calls, []string{"give back", "move"}) || s.look.inspection != nil || s.held != nil {
			s.t.Errorf("called %v, still holds %p", s.queue.calls, s.held)
		}
	})
}

func TestARedriveThatFailsAfterGivingBackEndsTheInspection(t *testing.T) {
	t.Parallel()
	onStage(t, func(s *stage) {
		s.take(opened{s.inspection()})
		s.play(s.redrive())
		s.queue.refuses = true
		s.take(s.asked[0].Apply(s.t.Context(), 10))
		if s.look.inspection != nil || !strings.HasPrefix(s.lease(), "come back by themselves · as seen at") {
			s.t.Errorf("says %q", s.lease())
		}
	})
}

func TestEmptyAndWhyAreToldApart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		look     look
		inFlight int
		visible  int
		want     string
	}{
		"receiving":      {look{reading: true}, 2, 0, "receiving …"},
		"failed":         {look{failed: errors.New("no route")}, 2, 0, "nothing could be received: no route"},
		"none":           {look{done: true}, 0, 0, "nothing was found"},
		"came since":     {look{done: true}, 0, 24, "none is left here; the queue has about 24 now, as SQS counts"},
		"held by others": {look{done: true}, 2, 0, "nothing to receive: 2 of 2 in flight, held by somebody else"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onStage(t, func(s *stage) {
				s.look = c.look
				s.world.Store.Apply(monitor.QueueRead{Role: monitor.DeadLetterQueue, Queue: workflow.Queue{InFlight: c.inFlight, Visible: c.visible}, At: time.Now()})
				if got := s.empty()[0]; got != c.want {
					s.t.Errorf("got %q, want %q", got, c.want)
				}
			})
		})
	}
}

// When the machine slept, all leases may have run out at once.
func TestLeasesThatRanOutAreNotHeld(t *testing.T) {
	t.Parallel()
	onStage(t, func(s *stage) {
		s.take(opened{s.inspection()})
		if s.index().Total() != 1 || !strings.HasPrefix(s.lease(), "1 held · lease 60 s") {
			s.t.Errorf("at first: %q", s.lease())
		}
		time.Sleep(2 * operation.Lease)
		s.world.Now = time.Now()
		if !strings.HasPrefix(s.lease(), "leases ran out · as seen at") || s.Moving() {
			s.t.Errorf("after the lease: %q", s.lease())
		}
	})
}

func TestAPartDoesNotLookLikeTheWhole(t *testing.T) {
	t.Parallel()
	onStage(t, func(s *stage) {
		s.take(opened{s.inspection()})
		s.world.Store.Apply(monitor.QueueRead{Role: monitor.DeadLetterQueue, Queue: workflow.Queue{Visible: 1099, InFlight: 1}, At: time.Now()})
		if !strings.HasPrefix(s.lease(), "1 of ~1,100 held") {
			s.t.Errorf("says %q", s.lease())
		}
	})
}

func TestReceivingIsStopped(t *testing.T) {
	t.Parallel()
	onStage(t, func(s *stage) {
		inspection := s.inspection()
		s.look = look{inspection: inspection, reading: true, upTo: moreLimit}
		stop := s.cancelAction()
		if stop.Unavailable != "" || stop.Binding.Help != "stop receiving" {
			s.t.Fatalf("%+v", stop)
		}
		stop.Run()
		s.take(page{inspection: inspection})
		if s.look.reading || s.look.done || s.inspectAction().Binding.Help != "inspect more" {
			s.t.Errorf("%+v", s.look)
		}
	})
}

func TestAMoveTaskStandsInTheWayOnlyWhileItIsKnown(t *testing.T) {
	t.Parallel()
	onStage(t, func(s *stage) {
		s.world.Store.Apply(monitor.MovesRead{Tasks: []workflow.MoveTask{{Status: workflow.MoveRunning}}, At: s.world.Now})
		if s.inspectAction().Unavailable == "" || s.immovable() == "" {
			s.t.Error("a move task is at work, and messages can be taken from it")
		}
		s.world.Store.Apply(monitor.FeedFailed{Feed: monitor.MovesFeed, Err: errors.New("no route"), At: s.world.Now})
		if s.inspectAction().Unavailable != "" || s.immovable() != "" {
			s.t.Error("an old answer stands in the way")
		}
	})
}

func TestLeasesAreToldAsTheyAre(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		look look
		want string
	}{
		"all well":       {look{}, "renewing"},
		"renewal failed": {look{adrift: true, failed: errors.New("x"), lost: 1}, "not renewed"},
		"cut short":      {look{failed: errors.New("x"), lost: 1}, "not all received"},
		"some lost":      {look{lost: 12}, "12 lost"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onStage(t, func(s *stage) {
				i := s.inspection()
				s.take(opened{i})
				c.look.inspection = i
				s.look = c.look
				if got := s.lease(); got != "1 held · lease 60 s · "+c.want {
					s.t.Errorf("got %q", got)
				}
			})
		})
	}
}

// Leaving while the queue takes nothing back must not be told as given back.
func TestLeavingThatFailed(t *testing.T) {
	t.Parallel()
	onStage(t, func(s *stage) {
		s.take(opened{s.inspection()})
		s.queue.refuses = true
		s.play(s.Hide())
		if !strings.HasPrefix(s.lease(), "come back by themselves") || len(s.said) == 0 {
			s.t.Errorf("says %q, said %v", s.lease(), s.said)
		}
	})
}
