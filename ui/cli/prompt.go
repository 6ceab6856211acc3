package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"orderops/ui/text"
	"orderops/workflow"
)

// asking lets a command ask the operator, when there is a terminal to ask in.
func (p *program) asking(ctx context.Context) context.Context {
	if !p.streams.InTerminal || !p.streams.ErrTerminal {
		return ctx
	}
	return workflow.WithPrompt(ctx, func(question string) (string, error) {
		_, _ = fmt.Fprintf(p.streams.Err, "%s: ", text.Clean(question))
		line, err := bufio.NewReader(p.streams.In).ReadString('\n')
		line = strings.TrimSpace(line)
		if line == "" {
			return "", errors.Join(errors.New("nothing was typed"), err)
		}
		return line, nil
	})
}
