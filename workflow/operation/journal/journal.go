package journal

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"orderops/workflow"
)

const suffix = ".jsonl"

// ErrBusy tells that another program is writing the run.
var ErrBusy = errors.New("another program is at work on it")

// Journal is the folder of all runs.
type Journal struct{ dir string }

// Open makes the folder when it is not there. Only its owner may look into it.
func Open(dir string) (*Journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, problem(dir, err)
	}
	return &Journal{dir}, nil
}

// Dir is the folder.
func (j *Journal) Dir() string { return j.dir }

// Begin starts a run. It is on the disk when Begin returns.
func (j *Journal) Begin(head Head) (*Run, error) {
	if head.Began.IsZero() {
		head.Began = time.Now().Round(0)
	}
	file, err := j.create(&head)
	if err != nil {
		return nil, problem(j.dir, err)
	}
	r := &Run{file: file}
	err = lock(file)
	if err == nil {
		err = r.Append(Entry{Kind: Begin, At: head.Began, Head: &head})
	}
	if err == nil {
		err = syncDir(j.dir)
	}
	if err != nil {
		return nil, errors.Join(problem(j.dir, err), Release(file), os.Remove(file.Name()))
	}
	return r, nil
}

// create makes the file of a run, named after the time, and after its place
// among those of one millisecond.
func (j *Journal) create(head *Head) (*os.File, error) {
	name := head.Began.UTC().Format("20060102T150405.000Z")
	for i := 1; ; i++ {
		head.ID = name
		if i > 1 {
			head.ID = name + "-" + strconv.Itoa(i)
		}
		file, err := os.OpenFile(j.path(head.ID), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
		if !errors.Is(err, os.ErrExist) {
			return file, err
		}
	}
}

// syncDir puts the folder's own entries onto the disk.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	return errors.Join(err, d.Close())
}

func (j *Journal) path(id string) string { return filepath.Join(j.dir, filepath.Base(id)+suffix) }

// Resume takes up a run where it was left. A torn last entry is cut off. ErrBusy
// tells that it is not ours to take up.
func (j *Journal) Resume(id string) (*Run, error) {
	file, err := os.OpenFile(j.path(id), os.O_RDWR, 0)
	if err != nil {
		return nil, problem(j.path(id), err)
	}
	r := &Run{file: file}
	err = lock(file)
	if err == nil {
		r.end, r.state.Damaged, err = read(file, r.state.take)
	}
	if err == nil {
		err = file.Truncate(r.end)
	}
	if err != nil {
		return nil, errors.Join(problem(j.path(id), err), Release(file))
	}
	return r, nil
}

// Runs are all runs, the newest first. Files that can't be read are told in
// err; the others are there.
func (j *Journal) Runs() (runs []State, err error) {
	ids, err := j.ids()
	var problems []error
	if err != nil {
		problems = append(problems, err)
	}
	for _, id := range ids {
		state, err := j.state(id)
		if err != nil {
			problems = append(problems, problem(j.path(id), err))
			continue
		}
		runs = append(runs, state)
	}
	slices.SortFunc(runs, func(a, b State) int {
		return cmp.Or(b.Head.Began.Compare(a.Head.Began), cmp.Compare(b.Head.ID, a.Head.ID))
	})
	return runs, errors.Join(problems...)
}

func (j *Journal) ids() ([]string, error) {
	files, err := os.ReadDir(j.dir)
	if err != nil {
		return nil, problem(j.dir, err)
	}
	var ids []string
	for _, f := range files {
		if id, ok := strings.CutSuffix(f.Name(), suffix); ok && f.Type().IsRegular() {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func (j *Journal) state(id string) (State, error) {
	var s State
	file, err := os.Open(j.path(id))
	if err != nil {
		return s, err
	}
	_, s.Damaged, err = read(file, s.take)
	return s, errors.Join(err, file.Close())
}

// Letters reads the whole messages of a run, as they stood last, in the order
// in which they were first written. keep says which; nil means all.
func (j *Journal) Letters(id string, keep func(workflow.MessageID) bool) ([]Letter, error) {
	file, err := os.Open(j.path(id))
	if err != nil {
		return nil, problem(j.path(id), err)
	}
	var letters []Letter
	at := map[workflow.MessageID]int{}
	_, _, err = read(file, func(e Entry) {
		for _, l := range e.Letters {
			if keep != nil && !keep(l.ID) {
				continue
			}
			if i, again := at[l.ID]; again {
				letters[i] = l
				continue
			}
			at[l.ID] = len(letters)
			letters = append(letters, l)
		}
	})
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, problem(j.path(id), err)
	}
	return letters, nil
}

// Prunable tells that the run is closed, with nothing left to do.
func (s *State) Prunable() bool { return !s.Ended.IsZero() && len(s.Unfinished()) == 0 }

// Prune deletes the closed runs that are stale, the oldest first, and tells how
// many. A run that is still open, or being written, is kept whatever its age. One
// that can't be deleted ends it: younger ones may say what became of its messages.
func (j *Journal) Prune(stale func(*State) bool) (pruned int, err error) {
	runs, unread := j.Runs()
	for _, s := range slices.Backward(runs) {
		if !s.Prunable() || !stale(&s) {
			continue
		}
		switch err := j.remove(s.Head.ID); {
		case errors.Is(err, ErrBusy):
		case err != nil:
			return pruned, errors.Join(unread, err)
		default:
			pruned++
		}
	}
	return pruned, unread
}

func (j *Journal) remove(id string) error {
	file, err := os.OpenFile(j.path(id), os.O_RDWR, 0)
	if err != nil {
		return problem(j.path(id), err)
	}
	if err = lock(file); err == nil {
		err = os.Remove(j.path(id))
	}
	return errors.Join(err, Release(file))
}

// problem tells what went wrong with a file of the journal.
func problem(target string, err error) error {
	if err == nil || errors.Is(err, ErrBusy) {
		return err
	}
	if p, ok := errors.AsType[*workflow.Problem](err); ok {
		return p
	}
	return &workflow.Problem{
		Operation: "journal", Target: target, Reason: err.Error(), Err: err,
		Next: "Make room, or name another folder with XDG_STATE_HOME. Nothing is sent that is not in the journal first.",
	}
}

// Busy tells that a program is writing the run.
func (j *Journal) Busy(id string) bool {
	file, err := os.OpenFile(j.path(id), os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer func() { _ = Release(file) }() // nothing was written
	return errors.Is(lock(file), ErrBusy)
}
