package planfile

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"orderops/workflow"
)

// check says what is wrong with a field that was just read; "" when nothing is.
func (p *Plan) check(name string) string {
	switch name {
	case "schema":
		switch {
		case p.Schema == Schema:
		case strings.HasPrefix(p.Schema, "orderops/plan/"):
			return strconv.QuoteToGraphic(p.Schema) + " is another version than " + Schema + ", which this program reads"
		default:
			return "this is no plan of orderops"
		}
	case "operation":
		known := []string{Redrive, Delete, Copy, RedriveAll, Restore, Import, Executions}
		if !slices.Contains(known, p.Operation) {
			return strconv.QuoteToGraphic(p.Operation) + " is none of " + strings.Join(known, ", ")
		}
	case "account", "region":
		if p.Account == "" && name == "account" || p.Region == "" && name == "region" {
			return "is empty"
		}
	case "include":
		for _, v := range p.Include {
			if !verdict(v) || v == workflow.Safe || v == workflow.Readable {
				return strconv.QuoteToGraphic(string(v)) + " is no verdict to include"
			}
		}
	case "rate", "canary":
		if p.Rate < 0 || p.Canary < 0 {
			return "is negative"
		}
	case "threshold":
		if p.Threshold < 0 || p.Threshold > 1 {
			return "must be from 0 to 1"
		}
	}
	return ""
}

func verdict(v workflow.Verdict) bool {
	return slices.Contains([]workflow.Verdict{
		workflow.Readable, workflow.Malformed, workflow.Safe, workflow.Processed, workflow.Broken, workflow.Bounced, workflow.Unchecked,
	}, v)
}

// message says what is wrong with a message, its field first; "" when nothing is.
func (in *reader) message(m Message) string {
	switch {
	case m.ID == "":
		return "id is missing"
	case in.ids[string(m.ID)]:
		return "id is there twice"
	case !digest(m.Digest):
		return "digest must be sha256: and 64 hexadecimal digits"
	case m.Verdict != "" && !verdict(m.Verdict):
		return "verdict is none that is known"
	case m.Body != nil && m.Base64 != nil:
		return "body stands beside body_base64"
	case m.Body != nil && *m.Body == "":
		return "body is empty"
	case (m.Body != nil || m.Base64 != nil) && in.plan.Operation != Redrive:
		return "body has a meaning only in a redrive"
	}
	in.ids[string(m.ID)] = true
	return ""
}

func (in *reader) execution(e Execution) string {
	switch {
	case !strings.HasPrefix(string(e.ARN), "arn:"):
		return "arn is no ARN"
	case in.ids[string(e.ARN)]:
		return "arn is there twice"
	case e.Status == "":
		return "status is missing"
	}
	in.ids[string(e.ARN)] = true
	return ""
}

func digest(text string) bool {
	sum, ok := strings.CutPrefix(text, digestPrefix)
	raw, err := hex.DecodeString(sum)
	return ok && err == nil && len(raw) == 32
}

// whole tells what a plan of this operation must have and this one has not.
func (in *reader) whole() error {
	p := &in.plan
	missing := func(field string) error { return in.wrong(int64(len(in.data)), field, "is missing") }
	switch {
	case p.Schema == "":
		return in.wrong(0, "", "this is no plan of orderops: it is empty")
	case p.Operation == "":
		return missing("operation")
	case p.Made.IsZero():
		return missing("made")
	case p.Account == "":
		return missing("account")
	case p.Region == "":
		return missing("region")
	case p.Operation == Executions && p.Machine == "":
		return missing("machine")
	case p.Operation == Executions && len(p.Executions) == 0:
		return missing("executions")
	case p.Operation != Executions && p.Queue == "":
		return missing("queue")
	case p.Operation == Copy && p.To == "":
		return missing("to")
	case (p.Operation == Restore || p.Operation == Import) && p.Source == nil:
		return missing("source")
	case p.Operation != Executions && p.Operation != RedriveAll && len(p.Messages) == 0 && !p.Rest:
		return missing("messages")
	}
	return nil
}
