package deadletters

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
)

// running is the run over dead letters that this screen has begun, or the last
// one. The zero value is none. A run is asked beside the program only: it may be
// waiting for the disk.
type running struct {
	run *operation.Run
	// progress is how far it was when it was last asked.
	progress operation.Progress
	// gone counts the messages that were taken off the list.
	gone int
	// followed tells that the fate of its orders is known, as far as it will be.
	followed bool
	// unfinished are runs of earlier starts that broke off.
	unfinished []journal.State
}

// Messages of a run.
type (
	started struct {
		run      *operation.Run
		progress operation.Progress
		err      error
	}
	runTick struct{ run *operation.Run }
	// asked is how far a run is, and which messages are off the queue by it.
	asked struct {
		run      *operation.Run
		progress operation.Progress
		gone     []workflow.MessageID
	}
	ended    struct{ run *operation.Run }
	followed struct {
		run      *operation.Run
		progress operation.Progress
	}
)

// looksAfter is how often the screen asks a run how far it is.
const looksAfter = time.Second

// under tells that a run is at work.
func (r *running) under() bool { return r.run != nil && !r.progress.Status.Over() }

// startedRun tells of a run that was started, beside the program.
func startedRun(run *operation.Run, err error) started {
	s := started{run: run, err: err}
	if run != nil {
		s.progress = run.Progress()
	}
	return s
}

// runAnswer takes in the messages of a run.
func (s *Screen) runAnswer(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case action.Unfinished:
		s.ran.unfinished = msg.Runs
		return nil, true
	case started:
		if msg.err != nil {
			return nil, true
		}
		s.ran, s.preview = running{run: msg.run, progress: msg.progress}, nil
		return tea.Batch(s.watch(msg.run), s.runLater(msg.run)), true
	case runTick:
		if msg.run != s.ran.run {
			return nil, true
		}
		return tea.Batch(s.askRun(), s.runLater(msg.run)), true
	case asked:
		return s.asked(msg), true
	case ended:
		if msg.run == s.ran.run {
			return tea.Batch(s.askRun(), s.followRun(msg.run), s.lookForUnfinished()), true
		}
		return nil, true
	case followed:
		return s.followed(msg), true
	}
	return nil, false
}

// watch waits for the end of a run and tells what came of it.
func (s *Screen) watch(run *operation.Run) tea.Cmd {
	life := s.world.Context
	return func() tea.Msg {
		err := run.Wait(life)
		if life.Err() != nil {
			return nil // the program's end tells it
		}
		return action.Done{
			Record: run.Record(), Err: err, Say: run.Progress().String(), Then: ended{run},
			Touch: []monitor.Feed{monitor.DeadLetterQueueFeed, monitor.OrderQueueFeed},
		}
	}
}

// runLater asks the run again, until what became of its orders is known.
func (s *Screen) runLater(run *operation.Run) tea.Cmd {
	if s.ran.followed {
		return nil
	}
	return tea.Tick(looksAfter, func(time.Time) tea.Msg { return runTick{run} })
}

// askRun asks the run how far it is.
func (s *Screen) askRun() tea.Cmd { return s.tellRun(func(*operation.Run) {}) }

// tellRun tells the run something, then asks how far it is.
func (s *Screen) tellRun(tell func(*operation.Run)) tea.Cmd {
	run := s.ran.run
	return func() tea.Msg {
		tell(run)
		answer := asked{run: run, progress: run.Progress()}
		for _, item := range run.Items() {
			if item.Stage == journal.Moved || item.Stage == journal.Removed || item.Stage == journal.Taken {
				answer.gone = append(answer.gone, item.ID)
			}
		}
		return answer
	}
}

// asked takes off the list what is no longer among the dead letters.
func (s *Screen) asked(msg asked) tea.Cmd {
	if msg.run != s.ran.run {
		return nil
	}
	s.ran.progress = msg.progress
	if len(msg.gone) <= s.ran.gone {
		return nil
	}
	s.ran.gone = len(msg.gone)
	listed := slices.DeleteFunc(msg.gone, func(id workflow.MessageID) bool {
		_, still := s.index().Get(id)
		return !still
	})
	return action.Send(action.Done{Changes: []monitor.Change{monitor.DeadLettersGone{IDs: listed}}})
}

// followRun learns what becomes of the messages that were sent.
func (s *Screen) followRun(run *operation.Run) tea.Cmd {
	life := s.world.Context
	return func() tea.Msg {
		run.Follow(life)
		return followed{run, run.Progress()}
	}
}

func (s *Screen) followed(msg followed) tea.Cmd {
	if msg.run == s.ran.run {
		s.ran.progress, s.ran.followed = msg.progress, true
	}
	if len(msg.progress.Outcomes) == 0 || s.world.Context.Err() != nil {
		return nil
	}
	return action.Send(action.Say{Text: "redriven: " + counts(msg.progress.Outcomes)})
}

// lookForUnfinished asks the journal which runs broke off.
func (s *Screen) lookForUnfinished() tea.Cmd {
	desk := s.world.Desk
	return s.world.Do(func(context.Context) tea.Msg {
		runs, err := desk.Unfinished()
		if err != nil {
			return action.Say{Err: err}
		}
		return action.Unfinished{Runs: runs}
	})
}
