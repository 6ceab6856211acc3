package workflow

import "context"

type (
	pollingKey struct{}
	begunKey   struct{}
	planKey    struct{}
)

// WithPolling marks every AWS call under ctx as a poll: one attempt, within the
// polling share of the API budget, refused with OverBudget when that is used up.
// Calls without the mark were asked for by the operator.
func WithPolling(ctx context.Context) context.Context {
	return context.WithValue(ctx, pollingKey{}, true)
}

// IsPolling tells whether ctx carries the mark of WithPolling.
func IsPolling(ctx context.Context) bool {
	polling, _ := ctx.Value(pollingKey{}).(bool)
	return polling
}

// WithBegun marks every AWS call under ctx as part of what was begun while it
// was allowed: a production context that locks itself meanwhile lets it finish,
// so that no batch is left half-done. Whoever sets it has checked the guard.
func WithBegun(ctx context.Context) context.Context {
	return context.WithValue(ctx, begunKey{}, true)
}

// IsBegun tells whether ctx carries the mark of WithBegun.
func IsBegun(ctx context.Context) bool {
	begun, _ := ctx.Value(begunKey{}).(bool)
	return begun
}

// WithPlan names the plan that the changes under ctx are part of: its title, for
// those who write down what was done.
func WithPlan(ctx context.Context, title string) context.Context {
	return context.WithValue(ctx, planKey{}, title)
}

// PlanOf is the title that WithPlan gave; "" when there is none.
func PlanOf(ctx context.Context) string {
	title, _ := ctx.Value(planKey{}).(string)
	return title
}

type promptKey struct{}

// Prompt asks the operator a question and waits for the answer, such as the code
// of a second factor.
type Prompt func(question string) (answer string, err error)

// WithPrompt lets what runs under ctx ask the operator.
func WithPrompt(ctx context.Context, prompt Prompt) context.Context {
	return context.WithValue(ctx, promptKey{}, prompt)
}

// PromptOf is how to ask the operator; nil when nobody can be asked.
func PromptOf(ctx context.Context) Prompt {
	prompt, _ := ctx.Value(promptKey{}).(Prompt)
	return prompt
}
