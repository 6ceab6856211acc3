package main

import (
	"context"
	"io"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/aws/playground"
	"orderops/aws/rehearsal"
	"orderops/config"
	"orderops/ui"
	"orderops/workflow"
)

// An order that is on its way when a signal ends the dashboard is waited for,
// and what came of it is told on the shell: no screen shows it any more.
func TestPartingTellsWhatEnded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		takes time.Duration
		ended int
		left  int
	}{
		"nothing under way": {0, 0, 0},
		"in time":           {2 * time.Second, 1, 0},
		"too late":          {time.Minute, 1, 0}, // its own grace ends as well: the outcome is unknown
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { parts(t, test.takes, test.ended, test.left) })
		})
	}
}

func parts(t *testing.T, takes time.Duration, wantEnded, wantLeft int) {
	t.Helper()
	time.Sleep(time.Until(opening))
	cloud := local.New(local.Options{Seed: 1, Intercept: func(ctx context.Context, call local.Call) *wire.Error {
		if call.Operation == "SendMessage" {
			select {
			case <-time.After(takes):
			case <-ctx.Done():
			}
		}
		return nil
	}})
	defer cloud.Close()
	if err := playground.DeployOn(cloud, rehearsal.New(rehearsal.Quiet(), playground.FunctionsKey), config.Settings{Seed: 1}); err != nil {
		t.Fatal(err)
	}
	ctx, signal := context.WithCancel(t.Context())
	connected := make(chan *ui.Connection, 1)
	var ended []workflow.Record
	left, told := 0, false
	ran := make(chan error, 1)
	go func() {
		ran <- ui.Run(ctx, ui.Options{
			Connect: func(ctx context.Context) (*ui.Connection, error) {
				c, err := connectLocal(ctx, config.Default(), cloud, t.TempDir())
				connected <- c
				return c, err
			},
			Parting: func(records []workflow.Record, n int) { ended, left, told = records, n, true },
		}, tea.WithInput(nil), tea.WithOutput(io.Discard), tea.WithoutSignals(), tea.WithWindowSize(80, 24))
	}()
	desk := (<-connected).Desk
	time.Sleep(time.Second)
	submitted := make(chan struct{})
	go func() {
		defer close(submitted)
		if takes > 0 {
			_, _, _ = desk.Submit(ctx, []byte(`{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`))
		}
	}()
	time.Sleep(time.Second)
	signal()
	if err := <-ran; err != nil {
		t.Fatal(err)
	}
	<-submitted
	if !told || len(ended) != wantEnded || left != wantLeft {
		t.Errorf("told %v: %d ended %+v, %d under way; want %d and %d", told, len(ended), ended, left, wantEnded, wantLeft)
	}
	for _, r := range ended {
		want := workflow.Done
		if takes > 10*time.Second {
			want = workflow.Unknown
		}
		if r.Verb != "submit" || r.Outcome != want {
			t.Errorf("record %+v, want submit %s", r, want)
		}
	}
	time.Sleep(2 * time.Minute) // the program's last timers run out
}
