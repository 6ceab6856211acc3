package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"

	"orderops/ui"
	"orderops/ui/action"
	"orderops/ui/screen/executions"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// TestFigures measures what docs/performance.md promises of watching. It needs
// a quiet machine, so it runs only for `make bench`, which names the file that
// the lines go to.
func TestFigures(t *testing.T) { //nolint:paralleltest // nothing may run beside a measurement
	file := os.Getenv("ORDEROPS_FIGURES")
	if file == "" {
		t.Skip("make bench measures")
	}
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	f := &figures{t, out}
	f.screens()
	f.program()
	same := t.Run("calls per minute", func(t *testing.T) { callsDoNotGrow(t, setting{wait: 24 * time.Hour}) })
	f.line("calls per minute, 1,000 executions against 10", map[bool]string{true: "equal", false: "not equal"}[same], "equal", same)
}

// figures writes a line per figure and fails the test for one that is over.
type figures struct {
	*testing.T

	out io.Writer
}

func (f *figures) line(name, value, budget string, ok bool) {
	f.Helper()
	verdict := "ok"
	if !ok {
		verdict = "over"
		f.Errorf("%s: %s, budget %s", name, value, budget)
	}
	_, _ = fmt.Fprintf(f.out, "%-62s %12s  %-14s %s\n", name, value, "≤ "+budget, verdict)
}

// lasts is a figure in milliseconds.
func (f *figures) lasts(name string, took, budget time.Duration) {
	f.Helper()
	f.line(name, fmt.Sprintf("%.2f ms", float64(took)/1e6), fmt.Sprint(budget), took <= budget)
}

// worked is the processor time that this process has taken. What only computes is
// measured in it: other programs don't change it, and on an idle machine nobody
// waits for longer.
func worked() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// median is the middle of how long f computes.
func median(times int, f func(i int)) time.Duration {
	took := make([]time.Duration, times)
	for i := range took {
		began := worked()
		f(i)
		took[i] = worked() - began
	}
	slices.Sort(took)
	return took[times/2]
}

// slowest is the largest median of how long the kinds of f compute, done in turn.
func slowest(kinds int, f func(kind int)) (most time.Duration) {
	const rounds = 5
	took := make([][rounds]time.Duration, kinds)
	for round := range rounds {
		for kind := range took {
			began := worked()
			f(kind)
			took[kind][round] = worked() - began
		}
	}
	for _, times := range took {
		slices.Sort(times[:])
		most = max(most, times[rounds/2])
	}
	return most
}

// crowded is the executions screen with n rows, each with all that the list and
// the log tell of an execution.
func crowded(ctx context.Context, n int) (*executions.Screen, *action.World) {
	world := &action.World{Store: monitor.NewStore(), Now: opening.Add(time.Hour), Context: ctx}
	all := 1000 // of one page of ListExecutions
	for from := 0; from < n; from += all {
		listed := page(from, all)
		world.Store.Apply(monitor.ExecutionsListed{Executions: listed, At: world.Now},
			monitor.LogRead{Page: workflow.LogPage{Events: logged(listed)}, At: world.Now})
	}
	s := executions.New(world)
	s.SetSize(200, 57)
	s.Refresh()
	s.View()
	return s, world
}

// page are n executions from one on; changed are n of many that are told anew.
func page(from, n int) []workflow.Execution {
	list := make([]workflow.Execution, n)
	for i := range list {
		list[i] = ended(from+i, workflow.Succeeded)
	}
	return list
}

func changed(many, from, n int, status workflow.ExecutionStatus) []workflow.Execution {
	list := make([]workflow.Execution, n)
	for i := range list {
		list[i] = ended((from+i)*7%many, status)
	}
	return list
}

// ended is execution i. Each text is one of its own, as the SDK gives them.
func ended(i int, status workflow.ExecutionStatus) workflow.Execution {
	name := fmt.Sprintf("%08x-5eed-4000-8000-%012x", uint32(i)*2654435761, i) // in no order, as ids are
	at := opening.Add(time.Duration(i) * 10 * time.Millisecond)
	return workflow.Execution{
		ARN: executionARN(name), Name: name, Status: workflow.ExecutionStatus(strings.Clone(string(status))),
		Started: at, Stopped: at.Add(30 * time.Second),
	}
}

func executionARN(name string) workflow.ExecutionARN {
	return workflow.ExecutionARN("arn:aws:states:eu-west-1:123456789012:execution:OrderStateMachine-5Hq2ZpX0aV1b:" + name)
}

// logged is what the log tells of executions that have ended.
func logged(list []workflow.Execution) []workflow.LogEvent {
	events := make([]workflow.LogEvent, 0, 3*len(list))
	for i, e := range list {
		input := fmt.Sprintf(`{"user_id":"Burger_%d","restaurant_id":"Restaurant %d","quantity":"%d","id":"%s"}`, i%97, i%11, i%9+1, e.Name)
		events = append(events,
			workflow.LogEvent{Execution: e.ARN, Event: workflow.Event{ID: 1, Type: "ExecutionStarted", Time: e.Started, Input: input}},
			workflow.LogEvent{Execution: e.ARN, Event: workflow.Event{ID: 20, Type: "TaskStateEntered", State: strings.Clone("OrderSuccess"), Time: e.Stopped}},
			workflow.LogEvent{Execution: e.ARN, Event: workflow.Event{ID: 24, Type: "ExecutionSucceeded", Time: e.Stopped}})
	}
	return events
}

// screens measures frames with many rows.
func (f *figures) screens() {
	f.Helper()
	const many, few = 100_000, 1_000
	large, world := crowded(f.Context(), many)
	small, _ := crowded(f.Context(), few)
	for _, do := range []struct {
		name string
		keys []string
	}{
		{"move", []string{"down", "pgdown", "up", "pgdown"}},
		{"mark", []string{"space"}},
		{"mark all that match", []string{"ctrl+a"}},
		{"scroll to the end and back", []string{"G", "g"}},
	} {
		press := func(s *executions.Screen) time.Duration {
			return median(60, func(i int) {
				s.Update(key(do.keys[i%len(do.keys)]))
				s.Refresh()
				s.View()
			})
		}
		// In turn: what the collector adds to one round of one of them is no ratio.
		var rounds, roundsOfFew []time.Duration
		for range 3 {
			rounds, roundsOfFew = append(rounds, press(large)), append(roundsOfFew, press(small))
		}
		f.lasts(do.name+", 100,000 rows, key to frame", slices.Max(rounds), 5*time.Millisecond)
		ratio := float64(slices.Min(rounds)) / float64(max(slices.Min(roundsOfFew), 50*time.Microsecond)) // what takes less is noise
		f.line(do.name+", against 1,000 rows", fmt.Sprintf("%.2f ×", ratio), "1.5 ×", ratio <= 1.5)
	}
	f.lasts("open and close an execution, 100,000 rows", median(40, func(i int) {
		if i%2 == 0 {
			large.Show(action.Open{Screen: action.Executions, Select: string(ended(50_000, workflow.Succeeded).ARN), Detail: true})
		} else {
			large.Back()
		}
		large.Refresh()
		large.View()
	}), 5*time.Millisecond)
	large.Back()
	filters := []string{"c3", "status:failed", "!burger_13 5eed", "duration:>20s"}
	f.lasts("filter 100,000 rows, the slowest", slowest(len(filters), func(i int) {
		large.Show(action.Open{Screen: action.Executions, Filter: filters[i] + " "})
		large.Refresh()
		large.View()
	}), 100*time.Millisecond)
	large.Show(action.Open{Screen: action.Executions, Filter: " "})
	f.lasts("sort 100,000 rows, the slowest column", slowest(7, func(int) { act(large, "s"); large.Refresh(); large.View() }), 100*time.Millisecond)
	status := []workflow.ExecutionStatus{workflow.Failed, workflow.Succeeded}
	f.lasts("take in 200 changes and draw, 100,000 rows", median(40, func(i int) {
		world.Now = world.Now.Add(200 * time.Millisecond) // 1,000 changes a second
		world.Store.Apply(monitor.ExecutionsListed{Executions: changed(many, i*200, 200, status[i%2]), At: world.Now})
		large.Refresh()
		large.View()
	}), 20*time.Millisecond)
}

// act starts the action of a key.
func act(s *executions.Screen, name string) {
	for _, a := range s.Actions() {
		if a.Binding.Match(key(name)) {
			a.Run()
		}
	}
}

// crowdedProgram shows 100,000 rows, with 1,000 changes a second for a while.
func crowdedProgram() int {
	thrifty()
	const many = 100_000
	s, world := crowded(context.Background(), many)
	status := []workflow.ExecutionStatus{workflow.Failed, workflow.Succeeded}
	for i := range 50 {
		time.Sleep(20 * time.Millisecond)
		world.Now = world.Now.Add(200 * time.Millisecond)
		world.Store.Apply(monitor.ExecutionsListed{Executions: changed(many, i*200, 200, status[i%2]), At: world.Now})
		s.Refresh()
		s.View()
	}
	_, _ = fmt.Fprintln(os.Stdout, "orderops is crowded")
	time.Sleep(time.Minute)
	s.View()
	runtime.KeepAlive(world)
	return 0
}

// emptyProgram is the least that Bubble Tea can be: what ours is compared with.
func emptyProgram() int {
	if _, err := tea.NewProgram(nothing{}, tea.WithFPS(ui.FramesPerSecond)).Run(); err != nil {
		return 1
	}
	return 0
}

type nothing struct{}

func (nothing) Init() tea.Cmd                         { return nil }
func (n nothing) Update(tea.Msg) (tea.Model, tea.Cmd) { return n, nil }
func (nothing) View() tea.View {
	v := tea.NewView("orderops nothing")
	v.AltScreen = true
	return v
}

// begun is a program under a terminal.
type begun struct {
	cmd     *exec.Cmd
	tty     *os.File
	took    time.Duration // to the first frame
	written chan []byte   // what it writes afterwards
}

func (f *figures) begin(program string) begun {
	f.Helper()
	cmd := exec.CommandContext(f.Context(), os.Args[0], "--endpoint-url", "http://127.0.0.1:9")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + f.TempDir(), "TERM=xterm-256color", "BE_PROGRAM=" + program, "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b", "AWS_REGION=us-east-1"}
	at := time.Now()
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: 120, Rows: 40})
	if err != nil {
		f.Fatal(err)
	}
	var seen []byte
	buffer := make([]byte, 1<<16)
	for !bytes.Contains(seen, []byte("orderops")) {
		n, err := tty.Read(buffer)
		if err != nil {
			f.Fatalf("%s ended: %v\n%s", program, err, seen)
		}
		seen = append(seen, buffer[:n]...)
	}
	p := begun{cmd, tty, time.Since(at), make(chan []byte, 1024)}
	go func() {
		for {
			n, err := tty.Read(buffer)
			if err != nil {
				return
			}
			select {
			case p.written <- bytes.Clone(buffer[:n]):
			default: // nobody is reading
			}
		}
	}()
	return p
}

// echo is how long a key takes from being pressed to being drawn.
func (f *figures) echo(p begun, key string) time.Duration {
	f.Helper()
	for len(p.written) > 0 {
		<-p.written
	}
	at := time.Now()
	if _, err := p.tty.WriteString(key); err != nil {
		f.Fatal(err)
	}
	for {
		select {
		case seen := <-p.written:
			if strings.Contains(ansi.Strip(string(seen)), key) {
				return time.Since(at)
			}
		case <-time.After(10 * time.Second):
			f.Fatalf("%q is not drawn", key)
		}
	}
}

// keys types a text of which every letter is drawn, and takes the median.
func (f *figures) keys() {
	f.Helper()
	p := f.begin("1")
	defer p.end()
	time.Sleep(2 * time.Second)
	if _, err := p.tty.WriteString(":"); err != nil { // the palette
		f.Fatal(err)
	}
	time.Sleep(time.Second)
	letters := strings.Split("zxwvqjkzxwvqjkzxwvqjkzxwvqjk", "")
	took := make([]time.Duration, len(letters))
	for i, letter := range letters {
		took[i] = f.echo(p, letter)
		time.Sleep(time.Duration(50+i) * time.Millisecond) // not in step with the frames
	}
	slices.Sort(took)
	f.lasts("key echo, median", took[len(took)/2], 60*time.Millisecond)
}

func (p begun) end() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	_ = p.tty.Close()
}

// used is the processor time and the resident memory of a program (Linux: proc(5)).
func (p begun) used() (processor time.Duration, megabytes float64, ok bool) {
	const ticks = 10 * time.Millisecond
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, 0, false
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+2:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	pages, _ := strconv.Atoi(fields[21])
	return time.Duration(user+system) * ticks, float64(pages) * float64(os.Getpagesize()) / 1e6, true
}

// program measures the whole program beside an empty one.
func (f *figures) program() {
	f.Helper()
	// The median of differences: a pair is started in turn, under the same load.
	// Both are this binary, so that the packages linked are the same.
	later := make([]time.Duration, 31)
	for i := range later {
		ours, empty := f.begin("1"), f.begin("empty")
		later[i] = ours.took - empty.took
		ours.end()
		empty.end()
	}
	slices.Sort(later)
	f.lasts("first frame, above an empty program's", later[len(later)/2], 10*time.Millisecond)
	f.keys()

	ours, empty := f.begin("1"), f.begin("empty")
	defer ours.end()
	defer empty.end()
	time.Sleep(20 * time.Second) // what begins has settled
	oursBefore, _, ok := ours.used()
	emptyBefore, _, _ := empty.used()
	if !ok {
		f.Log("no /proc here: idle and memory are not measured")
		return
	}
	const idle = 40 * time.Second
	time.Sleep(idle)
	oursAfter, megabytes, _ := ours.used()
	emptyAfter, _, _ := empty.used()
	points := 100 * (float64(oursAfter-oursBefore) - float64(emptyAfter-emptyBefore)) / float64(idle)
	f.line("idle, above an empty program", fmt.Sprintf("%.2f %%", points), "0.2 %", points <= 0.2)
	crowd := f.begin("crowded")
	defer crowd.end()
	time.Sleep(5 * time.Second) // Go gives memory back a little at a time
	_, full, _ := crowd.used()
	f.line("memory with 100,000 rows, 5 s after 10,000 changes", fmt.Sprintf("%.0f MB", full), "150 MB", full <= 150)
	f.line("memory after 60 s with --endpoint-url", fmt.Sprintf("%.0f MB", megabytes), "40 MB", megabytes <= 40)
}
