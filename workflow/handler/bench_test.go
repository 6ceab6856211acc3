package handler_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"orderops/workflow"
	"orderops/workflow/handler"
)

// BenchmarkConsumer tells what the consumer takes for a batch of ten without
// any call: the 99th percentile as p99-µs, which must stay under 1000.
func BenchmarkConsumer(b *testing.B) {
	var batch []workflow.Message
	for i := range 10 {
		batch = append(batch, message(workflow.MessageID(fmt.Sprint(i))))
	}
	var took []time.Duration
	for b.Loop() {
		consumer := &handler.Consumer{Executions: newMachine()}
		began := time.Now()
		if failed := consumer.Consume(b.Context(), batch); len(failed) > 0 {
			b.Fatal(failed)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1000, "p99-µs")
}
