// Package metrics is Amazon CloudWatch's metrics in this process: what the local
// services count, by the minute.
package metrics

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fxamacker/cbor/v2"

	"orderops/aws/local/wire"
)

// kept is for how long minutes are kept; AWS keeps them for 15 days.
const kept = 24 * time.Hour

// metric names what is measured, of one thing: every metric here has one dimension.
type metric struct{ namespace, name, dimension string }

// point is what was observed in one minute.
type point struct {
	minute   int64 // Unix time in minutes
	sum, max float64
}

// Service holds the metrics of one local cloud. It is safe for concurrent use.
type Service struct {
	*wire.Service

	mu     sync.Mutex
	points map[metric][]point // in order of time
}

// New makes a service without metrics.
func New(newID func() string) *Service {
	s := &Service{points: map[metric][]point{}}
	s.Service = &wire.Service{Protocol: wire.CBOR(), NewID: newID, Operations: map[string]wire.Operation{"GetMetricData": s.getMetricData}}
	return s
}

// Observe adds a value to a metric of what the dimension names: a queue, a
// function, the ARN of a state machine.
func (s *Service) Observe(namespace, name, dimension string, at time.Time, value float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, minute := metric{namespace, name, dimension}, at.Unix()/60
	points := s.points[key]
	i, found := slices.BinarySearchFunc(points, minute, func(p point, minute int64) int { return cmp.Compare(p.minute, minute) })
	if !found {
		points = slices.Insert(points, i, point{minute: minute, max: math.Inf(-1)})
		if old := points[0]; minute-old.minute > int64(kept/time.Minute) {
			points, i = points[1:], i-1
		}
		s.points[key] = points
	}
	if i >= 0 {
		points[i].sum, points[i].max = points[i].sum+value, max(points[i].max, value)
	}
}

type getMetricDataInput struct {
	MetricDataQueries []struct {
		ID                string `cbor:"Id"`
		Expression, Label string
		ReturnData        *bool
		MetricStat        *struct {
			Metric struct {
				Namespace, MetricName string
				Dimensions            []struct{ Name, Value string }
			}
			Period int64
			Stat   string
		}
	}
	StartTime, EndTime time.Time
	ScanBy, NextToken  string
}

func invalid(format string, a ...any) error {
	return &wire.Error{Type: "com.amazonaws.cloudwatch#InvalidParameterValueException", QueryCode: "InvalidParameterValue", Message: fmt.Sprintf(format, a...)}
}

func (s *Service) getMetricData(_ *http.Request, body []byte) (any, error) {
	var in getMetricDataInput
	switch err := cbor.Unmarshal(body, &in); {
	case err != nil:
		return nil, &wire.Error{Type: "com.amazon.coral.service#SerializationException", Message: "The request body is not valid CBOR"}
	case len(in.MetricDataQueries) == 0 || len(in.MetricDataQueries) > 500:
		return nil, invalid("The parameter MetricDataQueries must have 1 to 500 members")
	case !in.StartTime.Before(in.EndTime):
		return nil, invalid("The parameter StartTime must be less than the parameter EndTime")
	case in.NextToken != "":
		return nil, invalid("The local AWS answers metrics in one page")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	results := []any{}
	for _, q := range in.MetricDataQueries {
		stat := q.MetricStat
		switch {
		case q.Expression != "" || stat == nil || len(stat.Metric.Dimensions) != 1:
			return nil, invalid("The local AWS has metrics of one dimension and no expressions (query %s)", q.ID)
		case stat.Period != 60:
			return nil, invalid("The local AWS has periods of 60 s, not %d s", stat.Period)
		case stat.Stat != "Sum" && stat.Stat != "Maximum":
			return nil, invalid("The local AWS has no statistic %s", stat.Stat)
		}
		if q.ReturnData != nil && !*q.ReturnData {
			continue
		}
		times, values := []time.Time{}, []float64{}
		for _, p := range s.points[metric{stat.Metric.Namespace, stat.Metric.MetricName, stat.Metric.Dimensions[0].Value}] {
			if at := p.minute * 60; at < in.StartTime.Truncate(time.Minute).Unix() || at >= in.EndTime.Unix() {
				continue
			}
			times = append(times, time.Unix(p.minute*60, 0).UTC())
			values = append(values, map[string]float64{"Sum": p.sum, "Maximum": p.max}[stat.Stat])
		}
		if !strings.HasPrefix(in.ScanBy, "TimestampAsc") {
			slices.Reverse(times)
			slices.Reverse(values)
		}
		results = append(results, map[string]any{
			"Id": q.ID, "Label": cmp.Or(q.Label, stat.Metric.MetricName), "StatusCode": "Complete", "Timestamps": times, "Values": values,
		})
	}
	return map[string]any{"MetricDataResults": results, "Messages": []any{}}, nil
}
