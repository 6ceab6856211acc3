package journal

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"orderops/workflow"
)

func open(t *testing.T) *Journal {
	t.Helper()
	j, err := Open(filepath.Join(t.TempDir(), "journal"))
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func begin(t *testing.T, j *Journal) *Run {
	t.Helper()
	r, err := j.Begin(Head{Verb: "redrive", From: "dead", To: "order", Total: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func write(t *testing.T, r *Run, entries ...Entry) {
	t.Helper()
	for _, e := range entries {
		if err := r.Append(e); err != nil {
			t.Fatal(err)
		}
	}
}

func intent(ids ...workflow.MessageID) Entry {
	e := Entry{Kind: Intent}
	for _, id := range ids {
		e.Letters = append(e.Letters, Letter{
			ID: id, OrderID: workflow.OrderID(id), Send: true, Body: []byte("\x00\xff<>&" + string(id)),
			Attributes:    map[string]workflow.Attribute{"b": {DataType: "Binary", Binary: []byte{0, 1, 255}}},
			NewAttributes: workflow.Lineage{Redrives: 1}.Attributes(),
		})
	}
	return e
}

func TestStages(t *testing.T) {
	t.Parallel()
	taken := Entry{Kind: Sent, Results: []Result{{ID: "a", NewID: "new"}}}
	for name, c := range map[string]struct {
		entries  []Entry
		want     Stage
		doubtful bool
	}{
		"intended":               {[]Entry{intent("a")}, Pending, false},
		"sent":                   {[]Entry{intent("a"), taken}, Taken, false},
		"moved":                  {[]Entry{intent("a"), taken, {Kind: Deleted, Results: []Result{{ID: "a"}}}}, Moved, false},
		"delete failed":          {[]Entry{intent("a"), taken, {Kind: Deleted, Results: []Result{{ID: "a", Why: "no"}}}}, Taken, false},
		"refused":                {[]Entry{intent("a"), {Kind: Sent, Results: []Result{{ID: "a", Why: "no"}}}}, Refused, false},
		"no answer":              {[]Entry{intent("a"), {Kind: Sent, Results: []Result{{ID: "a", Doubtful: true}}}}, Pending, true},
		"intended twice":         {[]Entry{intent("a"), intent("a"), taken}, Taken, true},
		"refused, then sent":     {[]Entry{intent("a"), {Kind: Sent, Results: []Result{{ID: "a", Why: "no"}}}, intent("a"), taken}, Taken, false},
		"settled":                {[]Entry{intent("a"), {Kind: Settled, Results: []Result{{ID: "a"}}}}, Closed, false},
		"deleted, never sent":    {[]Entry{{Kind: Intent, Letters: []Letter{{ID: "a"}}}, {Kind: Deleted, Results: []Result{{ID: "a"}}}}, Removed, false},
		"to be deleted":          {[]Entry{{Kind: Intent, Letters: []Letter{{ID: "a"}}}}, Taken, false},
		"a result of no message": {[]Entry{intent("a"), {Kind: Sent, Results: []Result{{ID: "x", NewID: "y"}}}}, Pending, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := open(t)
			r := begin(t, j)
			write(t, r, c.entries...)
			want := r.State()
			got, ok := want.Item("a")
			if !ok || got.Stage != c.want || got.Doubtful != c.doubtful {
				t.Errorf("%+v, want %s", got, c.want)
			}
			runs, err := j.Runs()
			if err != nil || len(runs) != 1 {
				t.Fatalf("%v, %v", runs, err)
			}
			if diff := cmp.Diff(want.Items, runs[0].Items); diff != "" {
				t.Errorf("on the disk (-written +read):\n%s", diff)
			}
		})
	}
}

// TestTornAtEveryByte cuts a run at every byte: what was acknowledged before is
// read whole, and writing goes on behind it.
func TestTornAtEveryByte(t *testing.T) {
	t.Parallel()
	j := open(t)
	r := begin(t, j)
	write(t, r, intent("a"))
	whole := r.end
	write(t, r, intent("b"))
	id, path := r.ID(), r.file.Name()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	all, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := whole; cut < int64(len(all)); cut++ {
		if err := os.WriteFile(path, all[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := j.Resume(id)
		if err != nil {
			t.Fatal(err)
		}
		if s := r.State(); len(s.Items) != 1 || s.Damaged != 0 {
			t.Fatalf("cut at %d of %d: %+v", cut, len(all), s)
		}
		write(t, r, intent("c"))
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		letters, err := j.Letters(id, nil)
		if err != nil || len(letters) != 2 || letters[1].ID != "c" {
			t.Fatalf("cut at %d: %v, %v", cut, letters, err)
		}
	}
}

func TestDamageInTheMiddleIsTold(t *testing.T) {
	t.Parallel()
	j := open(t)
	r := begin(t, j)
	write(t, r, intent("a"))
	at := r.end
	write(t, r, intent("b"), intent("c"))
	if _, err := r.file.WriteAt([]byte("X"), at+20); err != nil {
		t.Fatal(err)
	}
	runs, err := j.Runs()
	if err != nil || len(runs) != 1 || runs[0].Damaged != 1 || len(runs[0].Items) != 2 {
		t.Errorf("%+v, %v", runs, err)
	}
}

func TestOnlyOneProgramWritesARun(t *testing.T) {
	t.Parallel()
	j := open(t)
	r := begin(t, j)
	if _, err := j.Resume(r.ID()); !errors.Is(err, ErrBusy) {
		t.Errorf("a run that is being written was taken up: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if err := r.Append(intent("a")); err == nil {
		t.Error("a run that was let go was written to")
	}
	again, err := j.Resume(r.ID())
	if err != nil {
		t.Fatal(err)
	}
	_ = again.Close()
}

func TestOnlyTheOwnerMayLook(t *testing.T) {
	t.Parallel()
	j := open(t)
	r := begin(t, j)
	for path, want := range map[string]os.FileMode{j.Dir(): 0o700, r.file.Name(): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestPrune(t *testing.T) {
	t.Parallel()
	j := open(t)
	for _, c := range []struct {
		entries []Entry
		closed  bool
	}{
		{[]Entry{intent("a")}, true}, // never ended
		{[]Entry{intent("b"), {Kind: End}}, true},
		{[]Entry{{Kind: End}}, false}, // still being written
		{[]Entry{{Kind: End}}, true},  // the only one to go
	} {
		r := begin(t, j)
		write(t, r, c.entries...)
		if c.closed {
			_ = r.Close()
		}
	}
	if n, err := j.Prune(func(*State) bool { return false }); n != 0 || err != nil {
		t.Errorf("%d pruned before their time, %v", n, err)
	}
	n, err := j.Prune(func(*State) bool { return true })
	runs, _ := j.Runs()
	if n != 1 || err != nil || len(runs) != 3 {
		t.Errorf("%d pruned, %d left, %v", n, len(runs), err)
	}
}

// TestWhoIsBeingStartedKeepsNoRun wants a run let go although another process
// has its open file still, as one has that is just being started.
func TestWhoIsBeingStartedKeepsNoRun(t *testing.T) {
	t.Parallel()
	j := open(t)
	r := begin(t, j)
	child := exec.CommandContext(t.Context(), "cat") // it ends with its input
	input, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	child.ExtraFiles = []*os.File{r.file}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = input.Close(); _ = child.Wait() }()
	if !j.Busy(r.ID()) {
		t.Error("a run that is being written is taken for free")
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := j.Resume(r.ID())
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil || j.Busy(r.ID()) {
		t.Errorf("kept by nobody: %v", err)
	}
}

func TestAFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	j := open(t)
	r := begin(t, j)
	write(t, r, intent("a"))
	file := r.file
	readOnly, err := os.Open(file.Name()) // writing to it fails, as on a full disk
	if err != nil {
		t.Fatal(err)
	}
	r.file = readOnly
	if err := r.Append(intent("b")); workflow.KindOf(err) != workflow.BrokenCall || !strings.Contains(err.Error(), "XDG_STATE_HOME") {
		t.Errorf("%v", err)
	}
	if s := r.State(); len(s.Items) != 1 {
		t.Errorf("what could not be written is believed: %+v", s)
	}
	_ = file.Close()
}

// TestLettersByteForByte wants whole messages back, whatever is in them.
func TestLettersByteForByte(t *testing.T) {
	t.Parallel()
	j := open(t)
	rapid.Check(t, func(rt *rapid.T) {
		r, err := j.Begin(Head{})
		if err != nil {
			rt.Fatal(err)
		}
		l := Letter{
			ID: "m", Body: rapid.SliceOf(rapid.Byte()).Draw(rt, "body"), TraceHeader: rapid.String().Draw(rt, "trace"),
			Attributes: map[string]workflow.Attribute{"a": {DataType: "Binary.x", Binary: rapid.SliceOf(rapid.Byte()).Draw(rt, "binary")}},
		}
		if err := r.Append(Entry{Kind: Intent, Letters: []Letter{l}}); err != nil {
			rt.Fatal(err)
		}
		got, err := j.Letters(r.ID(), nil)
		if err != nil || !bytes.Equal(got[0].Body, l.Body) || !bytes.Equal(got[0].Attributes["a"].Binary, l.Attributes["a"].Binary) || got[0].TraceHeader != l.TraceHeader {
			rt.Errorf("%+v, %v; want %+v", got, err, l)
		}
		_ = r.Close()
		_ = os.Remove(r.file.Name())
	})
}
