package handler_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"testing"

	"orderops/workflow"
	"orderops/workflow/handler"
)

// outcomes counts the results of n orders by message; "" is success.
func outcomes(t *testing.T, do func(context.Context, workflow.OrderID, handler.Event) (handler.Result, error), n int) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for i := range n {
		r, err := do(t.Context(), workflow.OrderID(fmt.Sprint(i)), handler.Event{})
		if err != nil {
			t.Fatal(err)
		}
		if (r.Status == handler.StatusOK) != (r.ErrorMessage == "") {
			t.Fatalf("result contradicts itself: %+v", r)
		}
		counts[r.ErrorMessage]++
	}
	return counts
}

func TestStockFailsAtItsRate(t *testing.T) {
	t.Parallel()
	payer, err := handler.NewStockPayer("seed", 0.3)
	if err != nil {
		t.Fatal(err)
	}
	kitchen, err := handler.NewStockKitchen("seed", 0.3)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		counts   map[string]int
		messages []string
	}{
		"payment":    {outcomes(t, payer.Pay, 3000), []string{"could not contact payment processor", "payment method declined", "unknown error"}},
		"restaurant": {outcomes(t, kitchen.Send, 3000), []string{"could not contact restaurant", "could not understand order", "unknown error"}},
	} {
		if len(c.counts) != 4 || c.counts[""] < 2000 || c.counts[""] > 2200 {
			t.Errorf("%s: outcomes are %v", name, c.counts)
		}
		for _, m := range c.messages {
			if c.counts[m] < 240 || c.counts[m] > 360 {
				t.Errorf("%s: %q came %d times of about 300", name, m, c.counts[m])
			}
		}
	}
}

func TestStockIsRepeatable(t *testing.T) {
	t.Parallel()
	draw := func(seed string) string {
		payer, err := handler.NewStockPayer(seed, 0.5)
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for i := range 64 {
			r, err := payer.Pay(t.Context(), workflow.OrderID(fmt.Sprint(i)), handler.Event{})
			if err != nil {
				t.Fatal(err)
			}
			all.WriteString(r.Status)
		}
		return all.String()
	}
	first := draw("a")
	if draw("a") != first {
		t.Error("the same orders met another fate under the same seed")
	}
	if draw("b") == first {
		t.Error("the seed changes nothing")
	}
}

func TestStockRates(t *testing.T) {
	t.Parallel()
	for _, rate := range []float64{-0.1, 1.1, math.NaN(), math.Inf(1)} {
		if _, err := handler.NewStockKitchen("", rate); err == nil {
			t.Errorf("rate %v is accepted", rate)
		}
	}
	for rate, want := range map[float64]string{0: handler.StatusOK, 1: handler.StatusError} {
		payer, err := handler.NewStockPayer("", rate)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 100 {
			r, err := payer.Pay(t.Context(), workflow.OrderID(fmt.Sprint(i)), handler.Event{})
			if err != nil || r.Status != want {
				t.Fatalf("rate %v: result is %+v, %v", rate, r, err)
			}
		}
	}
}

func TestStepsPassTheResultOnAndLogIt(t *testing.T) {
	t.Parallel()
	payer, err := handler.NewStockPayer("", 1)
	if err != nil {
		t.Fatal(err)
	}
	kitchen, err := handler.NewStockKitchen("", 1)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	e := handler.Event{UserID: "u", ID: "o", Execution: "run"}
	for name, process := range map[string]func(context.Context, handler.Event) (handler.Result, error){
		"payment":    (&handler.Payment{Payer: payer, Log: logger}).Process,
		"restaurant": (&handler.Restaurant{Kitchen: kitchen, Log: logger}).Process,
	} {
		log.Reset()
		r, err := process(t.Context(), e)
		if err != nil || r.Status != handler.StatusError {
			t.Errorf("%s: result is %+v, %v", name, r, err)
		}
		if !strings.Contains(log.String(), "order_id=o execution=run step="+name) || !strings.Contains(log.String(), r.ErrorMessage) {
			t.Errorf("%s: the log does not tell: %s", name, log.String())
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := process(ended, e); err == nil {
			t.Errorf("%s: works without time", name)
		}
	}
}
