package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/ui/text"
	"orderops/workflow"
)

const (
	// completeWithin bounds what a press of the tab key may take.
	completeWithin = 2 * time.Second
	// freshFor is how long an answer of AWS is offered again: who presses the key
	// ten times makes the calls of one.
	freshFor = 15 * time.Second
	// lettersFor is how long dead letters are offered that were inspected.
	lettersFor = 24 * time.Hour
)

// asks asks AWS for names, read-only and within completeWithin, and keeps what
// is answered for a while.
func (p *program) asks(cmd *cobra.Command, kind string, ask func(context.Context, config.Settings) []string) []string {
	if p.settle(cmd) != nil {
		return nil
	}
	settings := p.settings
	settings.ReadOnly = true
	key := digest(kind, settings.Context, settings.Profile, settings.Region, settings.EndpointURL, settings.Stack, settings.StateMachineARN)
	file := "completion-" + kind + ".json"
	var kept keptNames
	if p.readState(file, &kept) && kept.Key == key && time.Since(kept.At).Abs() < freshFor {
		return kept.Names
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), completeWithin)
	defer cancel()
	answered := make(chan []string, 1)
	go func() { answered <- plain(ask(ctx, settings)) }()
	select {
	case names := <-answered:
		if len(names) > 0 {
			p.writeState(file, keptNames{key, time.Now(), names})
		}
		return names
	case <-ctx.Done(): // whatever else hangs, the shell goes on
		return nil
	}
}

// keptNames are the names that were offered last.
type keptNames struct {
	Key   string    `json:"key"`
	At    time.Time `json:"at"`
	Names []string  `json:"names"`
}

func digest(parts ...string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", parts))
	return hex.EncodeToString(sum[:8])
}

func (p *program) stackNames(cmd *cobra.Command) []string {
	return p.asks(cmd, "stacks", func(ctx context.Context, settings config.Settings) []string {
		names, err := p.actions.Stacks(ctx, settings)
		if err != nil {
			return nil
		}
		return names
	})
}

// executionNames are the newest executions, each with its status and age.
func (p *program) executionNames(cmd *cobra.Command) []string {
	return p.asks(cmd, "executions", func(ctx context.Context, settings config.Settings) []string {
		list, err := p.actions.Newest(ctx, settings)
		if err != nil {
			return nil
		}
		names := make([]string, len(list))
		for i, e := range list {
			names[i] = fmt.Sprintf("%s\t%s, %s ago", e.Name, e.Status, text.Age(time.Since(e.Started)))
		}
		return names
	})
}

// runNames are the runs in the journal, the newest first.
func (p *program) runNames() []string {
	runs, err := p.actions.Runs()
	if err != nil && len(runs) == 0 {
		return nil
	}
	names := make([]string, 0, len(runs))
	for _, run := range runs {
		ended := "broke off, or goes on"
		if !run.Ended.IsZero() {
			ended = "ended"
		}
		names = append(names, fmt.Sprintf("%s\t%s, %s ago, %s", run.Head.ID, run.Head.Verb, text.Age(time.Since(run.Head.Began)), ended))
	}
	slices.Sort(names)
	slices.Reverse(names) // they are named by the time at which they began
	return plain(names)
}

// knownLetters are the dead letters that the last inspection printed.
type knownLetters struct {
	At      time.Time     `json:"at"`
	Letters []knownLetter `json:"letters"`
}

type knownLetter struct {
	ID      workflow.MessageID `json:"id"`
	Verdict workflow.Verdict   `json:"verdict"`
}

const lettersFile = "completion-letters.json"

// remember keeps the ids of dead letters that were received, to be offered later.
// To receive them for that would count and hide them.
func (p *program) remember(letters []workflow.DeadLetter) {
	kept := knownLetters{At: time.Now()}
	for _, l := range letters {
		kept.Letters = append(kept.Letters, knownLetter{l.ID, l.Verdict})
	}
	p.writeState(lettersFile, kept)
}

// letterNames are the dead letters of the last inspection. Some may be gone.
func (p *program) letterNames() []string {
	var kept knownLetters
	if !p.readState(lettersFile, &kept) || time.Since(kept.At) > lettersFor {
		return nil
	}
	names := make([]string, len(kept.Letters))
	for i, l := range kept.Letters {
		names[i] = fmt.Sprintf("%s\t%s, inspected %s ago", l.ID, l.Verdict, text.Age(time.Since(kept.At)))
	}
	return plain(names)
}

// readState reads what was kept under a name; false when there is nothing of use.
func (p *program) readState(name string, into any) bool {
	content, err := os.ReadFile(config.StatePath(p.actions.Environment, name))
	return err == nil && json.Unmarshal(content, into) == nil
}

// writeState keeps something that is only a comfort: without it nothing fails.
func (p *program) writeState(name string, value any) {
	path := config.StatePath(p.actions.Environment, name)
	content, err := json.Marshal(value)
	if path == "" || err != nil || os.MkdirAll(filepath.Dir(path), 0o700) != nil {
		return
	}
	file, err := os.CreateTemp(filepath.Dir(path), name+"-*") // only the owner may read it
	if err != nil {
		return
	}
	_, err = file.Write(content)
	if closed := file.Close(); err != nil || closed != nil || os.Rename(file.Name(), path) != nil {
		_ = os.Remove(file.Name()) // nobody reads it
	}
}
