package executions

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// exportAction writes what is marked, else all that passes the filter, to a file
// whose name is asked for.
func (s *Screen) exportAction() action.Action {
	a := action.Action{Binding: keys.New("export", "E"), Title: "export to a file: what is marked, else all that match", Quiet: true}
	if s.index().Len() == 0 {
		a.Unavailable = "there is nothing to export"
	}
	a.Run = func() tea.Cmd {
		return action.Send(action.Edit{
			Title: "Export executions", Label: "file", Verb: "write", Hint: "ends in .jsonl or .csv; no file is written over",
			Value: "executions-" + s.world.Now.Local().Format("20060102-150405") + ".jsonl",
			Check: checkExport, Then: s.export,
		})
	}
	return a
}

func checkExport(name string) error {
	switch filepath.Ext(name) {
	case ".jsonl", ".csv":
		return nil
	}
	return errors.New("must end in .jsonl or .csv")
}

// export writes the file beside the program. The executions are never changed
// after they were handed out, so that taking the list is enough.
func (s *Screen) export(name string) tea.Cmd {
	var list []*monitor.Execution
	if s.list.MarkCount() > 0 {
		for _, id := range s.list.Marked() {
			if e, ok := s.index().Get(workflow.ExecutionARN(id)); ok {
				list = append(list, e)
			}
		}
	} else {
		list = make([]*monitor.Execution, 0, s.index().Len())
		for i := range s.index().Len() {
			list = append(list, s.index().At(i))
		}
	}
	return s.world.Do(func(context.Context) tea.Msg {
		if err := writeFile(name, list); err != nil {
			return action.Say{Err: &workflow.Problem{
				Kind: workflow.Invalid, Operation: "export", Target: name, Reason: err.Error(), Err: err, Next: "Choose another file.",
			}}
		}
		return action.Say{Text: text.Count(len(list)) + " executions written to " + name}
	})
}

func writeFile(name string, list []*monitor.Execution) (err error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := bufio.NewWriter(file)
	if filepath.Ext(name) == ".csv" {
		err = writeCSV(w, list)
	} else {
		err = writeLines(w, list)
	}
	return errors.Join(err, w.Flush())
}

// exported is an execution in a file. Empty members are not known.
type exported struct {
	Order      string `json:"order"`
	Execution  string `json:"execution"`
	ARN        string `json:"arn"`
	Status     string `json:"status"`
	State      string `json:"state,omitempty"`
	Started    string `json:"started,omitempty"`
	Stopped    string `json:"stopped,omitempty"`
	Seconds    string `json:"seconds,omitempty"`
	User       string `json:"user,omitempty"`
	Quantity   string `json:"quantity,omitempty"`
	Restaurant string `json:"restaurant,omitempty"`
	Redrives   int    `json:"redrives"`
	Error      string `json:"error,omitempty"`
	Cause      string `json:"cause,omitempty"`
}

func exportOf(e *monitor.Execution) exported {
	stamp := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339Nano)
	}
	out := exported{
		Order: string(e.OrderID()), Execution: e.Name, ARN: string(e.ARN), Status: string(e.Status), State: e.State,
		Started: stamp(e.Started), Stopped: stamp(e.Stopped), User: e.UserID, Quantity: e.Quantity, Restaurant: e.Restaurant,
		Redrives: e.RedriveCount, Error: e.Error, Cause: e.Cause,
	}
	if !e.Stopped.IsZero() {
		out.Seconds = strconv.FormatFloat(e.Stopped.Sub(e.Started).Seconds(), 'f', 3, 64)
	}
	return out
}

func writeLines(w io.Writer, list []*monitor.Execution) error {
	encoder := json.NewEncoder(w)
	for _, e := range list {
		if err := encoder.Encode(exportOf(e)); err != nil {
			return err
		}
	}
	return nil
}

func writeCSV(w io.Writer, list []*monitor.Execution) error {
	out := csv.NewWriter(w)
	header := []string{"order", "execution", "arn", "status", "state", "started", "stopped", "seconds", "user", "quantity", "restaurant", "redrives", "error", "cause"}
	if err := out.Write(header); err != nil {
		return err
	}
	for _, e := range list {
		x := exportOf(e)
		row := []string{x.Order, x.Execution, x.ARN, x.Status, x.State, x.Started, x.Stopped, x.Seconds, x.User, x.Quantity, x.Restaurant, fmt.Sprint(x.Redrives), x.Error, x.Cause}
		for i := range row {
			row[i] = harmless(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// harmless keeps a spreadsheet from taking a text from outside for a formula:
// one that begins like it gets an apostrophe in front (OWASP, CSV injection).
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
