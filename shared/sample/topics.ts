/** What the made-up papers are about. Every phrase fits the sentences of `wording.ts`; the comment at each field says which form it has. */

/** A field of research with its words. */
export type SampleTopic = {
  /** Lower case; the first is the topic's own name, the one that trends. */
  readonly keywords: readonly string[];
  /** Whom it is about: plural, "web agents". */
  readonly subjects: readonly string[];
  /** What they do: without article and never plural, "desktop automation". */
  readonly tasks: readonly string[];
  /** What a method does, before an adjective is put to it: without article and never plural, "rollback planning". */
  readonly cores: readonly string[];
  /** What it works on: plural and countable, "tool calls". */
  readonly parts: readonly string[];
  /** What goes wrong: after a plural subject, "lose sight of the goal". */
  readonly failings: readonly string[];
  /** What they should learn: after "can" or "to", "know when to stop". */
  readonly abilities: readonly string[];
  /** What a method does, in the third person: "replays failed episodes". */
  readonly steps: readonly string[];
  /** What is measured, always so that more is better and in percent. */
  readonly metrics: readonly string[];
  /** What it was measured on: after "on" or "across". */
  readonly settings: readonly string[];
  /** What names are made of: a short syllable or two. */
  readonly stems: readonly string[];
  /** Whole sentences that an abstract may begin with. */
  readonly contexts: readonly string[];
  /** How common it is in ordinary times; 1 is the usual. */
  readonly weight: number;
};

const words = (text: string): string[] =>
  text
    .split(';')
    .map((phrase) => phrase.trim().replaceAll(/\s+/g, ' '))
    .filter((phrase) => phrase !== '');

/** All topics, in the order in which they come into fashion. */
export const TOPICS: readonly SampleTopic[] = [
  {
    keywords: words(`web agents; tool use; computer use; long-horizon planning; GUI grounding; multi-agent systems;
      task decomposition; trajectory data; human-agent interaction`),
    subjects: words('web agents; computer-use agents; tool-using agents; teams of agents; GUI agents'),
    tasks:
      words(`long-horizon web navigation; desktop automation; mobile app automation; tool-augmented question answering;
      spreadsheet editing; open-ended research assistance; customer service with tools`),
    cores: words(`rollback planning; trajectory distillation; skill reuse; plan repair; action critics; subgoal search;
      user simulation; tool routing`),
    parts: words('tool calls; screenshots; failed trajectories; plans; human demonstrations'),
    failings:
      words(`lose sight of the goal; repeat actions that already failed; ask for help too late; trust the wrong page;
      overspend their budget`),
    abilities:
      words(`recover from their own mistakes; know when to stop; reuse skills across websites; plan before they click;
      ask the right question`),
    steps: words(`replays failed episodes and rewrites the plan at the step where they diverged;
      keeps a short record of what has been tried and consults it before every action;
      scores candidate actions with a small critic trained on inexpensive synthetic tasks;
      splits an instruction into checkable subgoals and backtracks only as far as needed;
      turns successful episodes into reusable skills with explicit preconditions;
      lets a second model play the user and withhold information on purpose`),
    metrics: words('task success; completion rate; success under a fixed budget'),
    settings: words('five browser suites; two desktop environments with 900 tasks; a live set of 120 websites'),
    stems: words('Nav; Errand; Click; Desk; Trail; Scout'),
    contexts: words(`Agents that operate ordinary software are moving from demonstrations into daily use.;
      Most web tasks are easy step by step and hard from end to end.;
      Real software changes under an agent's feet: pages move, dialogs appear, sessions expire.;
      A single wrong click early on can cost an agent the whole task.`),
    weight: 2,
  },
  {
    keywords: words(`video generation; video diffusion; camera control; temporal consistency; autoregressive video;
      physical plausibility; audio-video generation; motion modeling; video editing`),
    subjects: words(
      'video models; video diffusion transformers; text-to-video systems; autoregressive video generators',
    ),
    tasks:
      words(`minute-long video generation; camera-controlled video; video editing by instruction; multi-shot storytelling;
      synchronized audio-video generation; character animation; video extension`),
    cores:
      words(`frame caching; temporal anchoring; rolling denoising; motion distillation; shot planning; scene memory;
      motion guidance; frame routing`),
    parts: words('keyframes; motion tokens; camera paths; shot lists; latent frames'),
    failings:
      words(`forget what is behind the camera; break objects in two; drift after ten seconds; mistake zooming for walking;
      defy gravity`),
    abilities: words(`remember a room; keep a character through a cut; respect cause and effect; follow a storyboard;
      keep time with the music`),
    steps: words(`stores a coarse map of the scene and consults it when the camera returns;
      denoises a rolling window in which older frames are cleaner than newer ones;
      plans the shots as text before any frame is drawn;
      penalizes motion that no rigid or fluid body could make;
      anchors identity to a few keyframes that are never overwritten;
      aligns sound onsets with visible contacts in the latent space`),
    metrics: words('temporal consistency; preference rate; physical plausibility'),
    settings: words('clips of up to two minutes; 800 prompts with camera scripts; a panel of 60 raters'),
    stems: words('Reel; Cine; Frame; Shutter; Montage; Dolly'),
    contexts: words(`Short generated clips now look convincing, and long ones rarely do.;
      A camera that turns around and back should find the same room.;
      Video generators spend most of their compute on frames that barely change.;
      Directors think in shots, video models in frames.`),
    weight: 1.4,
  },
  {
    keywords:
      words(`reinforcement learning; verifiable rewards; chain-of-thought; mathematical reasoning; policy optimization;
      process rewards; test-time scaling; credit assignment; self-verification`),
    subjects: words('reasoning models; language models; small reasoners; policy-trained models'),
    tasks: words(`competition mathematics; multi-step deduction; formal theorem proving; scientific question answering;
      puzzle solving; reasoning under a token budget; arithmetic with distractors`),
    cores:
      words(`policy optimization; credit assignment; reward shaping; self-verification; thought pruning; advantage estimation;
      rollout reuse; answer voting`),
    parts: words('rollouts; reasoning traces; intermediate rewards; thinking tokens; negative samples'),
    failings: words(`think longer without thinking better; collapse to a single style of proof; overfit the checker;
      abandon good ideas midway; hide guesses behind fluent steps`),
    abilities: words(`check their own proofs; stop thinking in time; learn from wrong answers; reason across languages;
      spot an ill-posed problem`),
    steps: words(`assigns credit to the sentence where the answer was decided instead of to the whole trace;
      reuses stale rollouts with a correction that keeps the gradient unbiased;
      samples several short drafts and continues only the one that the verifier is least certain about;
      rewards a step only if removing it changes the outcome;
      anneals the length penalty with the running pass rate;
      fills every batch with problems that are solved about half of the time`),
    metrics: words('pass@1 accuracy; solve rate; accuracy at a fixed token budget'),
    settings: words('six mathematics benchmarks; three held-out olympiad sets; two proof assistants'),
    stems: words('Proof; Lemma; Think; Ponder; Deduce; Axiom'),
    contexts: words(`Reinforcement learning with checkable answers has become the usual way to teach models to reason.;
      Longer chains of thought cost more and do not always help.;
      The reward at the end of a long solution says little about which step earned it.;
      Two solutions with the same answer can be worth very different amounts to a learner.`),
    weight: 1.8,
  },
  {
    keywords:
      words(`robot learning; vision-language-action models; dexterous manipulation; imitation learning; sim-to-real transfer;
      humanoid control; tactile sensing; action chunking; teleoperation`),
    subjects: words('robot policies; vision-language-action models; humanoid controllers; generalist manipulators'),
    tasks:
      words(`dexterous manipulation; bimanual assembly; mobile manipulation in homes; whole-body humanoid control; cloth folding;
      contact-rich insertion; language-conditioned grasping`),
    cores:
      words(`action chunking; tactile pretraining; motion retargeting; policy steering; skill chaining; latent action learning;
      failure replay; demonstration filtering`),
    parts: words('demonstrations; action tokens; wrist cameras; contact events; teleoperated hours'),
    failings: words(`freeze when the lighting changes; drop what they cannot see; copy the demonstrator's hesitation;
      forget the second hand; fail after the first slip`),
    abilities: words(`retry a failed grasp; feel their way; work with a broken camera; learn from human video;
      hand over a cup without spilling`),
    steps: words(`predicts the next contact rather than the next pose;
      learns a shared action space from human video and from four robot bodies;
      decodes slow plans and fast corrections from the same tokens;
      filters demonstrations by how well a weak policy could have continued them;
      falls back on touch when the camera and the gripper disagree;
      practices in simulation only those states in which the real robot failed`),
    metrics: words('task success; first-attempt success; success in unseen homes'),
    settings: words('three robot bodies; 22 household tasks; 1,400 real-world trials'),
    stems: words('Grasp; Limb; Palm; Reach; Knuckle; Gait'),
    contexts: words(`Robots learn quickly in the laboratory and slowly everywhere else.;
      Demonstrations are expensive, and most of them are alike.;
      Vision alone cannot tell a policy how firmly it holds a glass.;
      A policy that succeeds nine times in ten still breaks a plate every meal.`),
    weight: 1.3,
  },
  {
    keywords:
      words(`long-context modeling; agent memory; context compression; retrieval heads; linear attention; state-space models;
      lifelong learning; positional encoding; sparse attention`),
    subjects: words('long-context models; assistants with memory; recurrent language models; hybrid transformers'),
    tasks: words(`book-length question answering; months-long conversation; repository-scale understanding;
      streaming summarization; million-token recall; personal memory; whole-document translation`),
    cores:
      words(`context compression; memory consolidation; sliding attention; state recycling; episodic recall; gated recurrence;
      position rescaling; scheduled forgetting`),
    parts: words('attention heads; memory slots; summaries; position embeddings; cached states'),
    failings:
      words(`forget what was said in the middle; confuse old facts with new ones; pay for tokens they never read;
      remember too much; drift after a hundred turns`),
    abilities:
      words(`forget on purpose; update a fact that has changed; say where they read it; keep a promise made long ago;
      read a book only once`),
    steps: words(`compresses each chapter into a few learned tokens and expands them only on demand;
      writes to memory only when the new text would change a future answer;
      gives each attention head its own horizon, found by a single calibration pass;
      merges overlapping memories while idle and keeps pointers to the originals;
      carries a fixed-size state across segments and trains through the boundary;
      dates every stored fact and prefers the newest consistent one`),
    metrics: words('recall; answer accuracy; evidence F1'),
    settings: words(
      'contexts of up to two million tokens; four long-document suites; eight months of simulated conversation',
    ),
    stems: words('Recall; Attic; Scroll; Memo; Ledger; Archive'),
    contexts: words(`Context windows have grown faster than the ability to use them.;
      An assistant that forgets yesterday is of little help tomorrow.;
      Attention over a whole book is affordable only if most of it can be ignored.;
      What a model should remember is rarely what it was told last.`),
    weight: 1.2,
  },
  {
    keywords:
      words(`vision-language models; multimodal reasoning; visual grounding; chart understanding; document parsing;
      visual tokens; hallucination; spatial reasoning; video understanding`),
    subjects: words('vision-language models; multimodal assistants; document readers; omni-modal models'),
    tasks:
      words(`chart question answering; spatial reasoning; document parsing; fine-grained recognition; long-video understanding;
      geometry from diagrams; remote-sensing interpretation`),
    cores:
      words(`visual token pruning; region grounding; zoom-in search; perceptual reward modeling; cross-modal alignment;
      attention rerouting; patch routing; visual chain-of-thought`),
    parts: words('visual tokens; captions; image crops; layout boxes; video frames'),
    failings: words(`describe what is not there; misread the axis; answer without looking; confuse left and right;
      skip the footnote`),
    abilities: words(
      `look twice; read a clock; point at their evidence; tell near from far; admit that they cannot see it`,
    ),
    steps: words(`asks for a closer crop whenever two candidate answers disagree;
      rewards the model for boxes that are necessary to answer, not merely sufficient;
      drops visual tokens that the question would never attend to;
      pairs every image with an edited twin for which the answer changes;
      draws intermediate marks on the image and reads them back;
      separates perception errors from reasoning errors before assigning a reward`),
    metrics: words('answer accuracy; grounding precision; faithfulness'),
    settings: words('nine multimodal benchmarks; 6,000 scanned pages; videos of up to three hours'),
    stems: words('Glance; Iris; Lens; Optic; Vista; Gaze'),
    contexts: words(`Vision-language models often know the answer before they look at the image.;
      Charts, forms and maps are read by people in glances and by models in thousands of tokens.;
      A caption can be fluent, detailed and wrong.;
      Most multimodal benchmarks can be half solved with the image hidden.`),
    weight: 1.6,
  },
  {
    keywords: words(`inference efficiency; speculative decoding; quantization; KV cache compression; mixture of experts;
      low-rank adaptation; pruning; on-device inference; model serving`),
    subjects: words('large language models; mixture-of-experts models; serving systems; on-device models'),
    tasks:
      words(`low-latency serving; inference on a single GPU; on-device decoding; batched generation; expert offloading;
      fine-tuning under 8 GB; long-prompt prefill`),
    cores:
      words(`speculative decoding; expert prefetching; weight quantization; cache eviction; draft scheduling; layer skipping;
      kernel fusion; token merging`),
    parts: words('draft tokens; experts; cache pages; outlier channels; low-bit weights'),
    failings: words(`wait for memory instead of computing; load experts they never use; lose accuracy on rare tokens;
      starve short requests; waste drafts on hard tokens`),
    abilities: words(
      `run on four bits; share one cache; skip half of their layers; predict their own load; draft for themselves`,
    ),
    steps: words(`predicts the next experts from the current router scores and loads them while attention runs;
      splits each weight matrix into a dense low-bit part and a thin high-precision remainder;
      verifies several drafts in one pass and adapts their length to the acceptance rate;
      evicts cache pages by how much they would change the output, not by their age;
      reorders requests so that prefill and decoding do not compete for bandwidth;
      fuses dequantization into the matrix product`),
    metrics: words('acceptance rate; hardware utilization; cache hit rate'),
    settings: words('models from 3B to 70B parameters; four production traces; two phones and one laptop'),
    stems: words('Cache; Draft; Bit; Shard; Turbo; Expert'),
    contexts: words(`Most of the cost of a language model is paid after it has been trained.;
      Decoding is limited by memory traffic, not by arithmetic.;
      Sparse models are large on disk and small at work.;
      Every request is different, and serving systems treat them alike.`),
    weight: 1.2,
  },
  {
    keywords:
      words(`3D reconstruction; Gaussian splatting; novel view synthesis; depth estimation; point maps; mesh generation;
      camera pose estimation; 4D scenes; neural rendering`),
    subjects: words('feed-forward reconstructors; 3D foundation models; mesh generators; depth estimators'),
    tasks:
      words(`feed-forward 3D reconstruction; novel view synthesis; monocular depth estimation; textured mesh generation;
      dynamic scene capture; indoor relocalization; large-scale outdoor mapping`),
    cores:
      words(`Gaussian pruning; point-map fusion; pose refinement; view selection; surface regularization; splat compression;
      geometry distillation; texture baking`),
    parts: words('camera poses; Gaussians; depth maps; sparse views; surface normals'),
    failings: words(`melt thin structures; hallucinate the back of the chair; need poses they should estimate;
      smear reflections into geometry; fall apart in fog`),
    abilities: words(`close the loop; see through glass; measure in meters; rebuild a street from a phone video;
      keep fine structures`),
    steps: words(`predicts point maps for all views at once and lets them vote on the camera poses;
      moves detail from millions of splats into a compact texture;
      separates what moves from what merely changes color;
      reuses a frozen depth network as a prior and learns only where it is wrong;
      adds views one at a time and stops when none would change the surface;
      trains on synthetic scenes with deliberately wrong calibration`),
    metrics: words('reconstruction accuracy; pose recall; completeness'),
    settings: words('seven indoor and outdoor datasets; 140 phone captures; scenes of up to one square kilometer'),
    stems: words('Splat; Mesh; Voxel; Contour; Facet; Relief'),
    contexts: words(`Reconstruction from many calibrated images is nearly solved, and from a few casual ones it is not.;
      Splatting made rendering fast and left storage large.;
      A depth map can look sharp and be wrong by a meter.;
      Most captures of the real world contain something that moves.`),
    weight: 1,
  },
  {
    keywords: words(`text-to-image generation; diffusion models; flow matching; image editing; classifier-free guidance;
      latent autoencoders; personalization; preference optimization; diffusion transformers`),
    subjects: words('diffusion models; text-to-image models; image editors; flow-matching models'),
    tasks:
      words(`text-to-image generation; instruction-based image editing; subject-driven generation; layout-controlled synthesis;
      high-resolution synthesis; few-step sampling; poster design with legible text`),
    cores: words(`prompt guidance; flow matching; latent alignment; noise scheduling; attention steering; reward tuning;
      token routing; consistency distillation`),
    parts: words('noise levels; captions; attention maps; latent tokens; sampling steps'),
    failings: words(`miscount objects; ignore the last clause of a prompt; change what they were told to keep;
      copy their training images; smear small text`),
    abilities: words('count; leave things out when asked; keep a face; edit without repainting; spell'),
    steps: words(`measures which words of the prompt the image has not yet used and raises their attention;
      learns its noise schedule jointly with the decoder;
      straightens the sampling path by matching velocities between distant noise levels;
      edits only the latent tokens that the instruction names and locks the rest;
      distills forty sampling steps into two with a consistency loss on intermediate latents;
      scores samples with a panel of small reward models that rarely agree`),
    metrics: words('prompt fidelity; preference rate; compositional accuracy'),
    settings: words('three compositional suites; 12,000 human comparisons; prompts in nine languages'),
    stems: words('Pigment; Canvas; Glaze; Tint; Easel; Sketch'),
    contexts: words(`Image generators are judged by their best samples and used for their typical ones.;
      Text-to-image models follow short prompts well and long ones selectively.;
      Fewer sampling steps usually mean less detail.;
      Editing an image is mostly a matter of leaving the rest of it alone.`),
    weight: 1.3,
  },
  {
    keywords:
      words(`code generation; software engineering agents; program repair; unit tests; repository context; code review;
      formal verification; compiler feedback; program synthesis`),
    subjects: words('coding agents; code models; program repair systems; review assistants'),
    tasks: words(`repository-level code generation; automated program repair; test generation; code review;
      legacy code migration; query synthesis; performance tuning of kernels`),
    cores:
      words(`test-driven decoding; patch ranking; execution feedback; type-guided search; issue localization; diff pretraining;
      specification mining; edit prediction`),
    parts: words('unit tests; compiler errors; commit histories; stack traces; type annotations'),
    failings:
      words(`pass the tests for the wrong reason; rewrite code that was fine; import what does not exist; ignore the build system;
      fix the symptom`),
    abilities:
      words(`write the failing test first; leave a small diff; work in a language they rarely saw; explain a patch;
      refuse an impossible issue`),
    steps: words(`writes the failing test first and accepts a patch only if it turns green for the stated reason;
      walks the call graph outward from the stack trace until the evidence runs out;
      learns from the order in which people made their edits, not only from the result;
      executes partial programs on symbolic inputs to discard dead ends early;
      ranks patches by what else in the repository they would break;
      asks the compiler one question at a time`),
    metrics: words('resolved issues; pass@1 accuracy; review agreement'),
    settings: words('620 issues from 41 repositories; four languages; two proprietary code bases'),
    stems: words('Patch; Commit; Lint; Merge; Stack; Branch'),
    contexts: words(`Code models write functions well and change programs badly.;
      A patch that passes all tests may still be wrong, and reviewers know it.;
      Most software is old, large and poorly documented.;
      In a repository, the hard part is finding the ten lines that matter.`),
    weight: 1.4,
  },
  {
    keywords:
      words(`AI safety; alignment; red teaming; jailbreaks; reward hacking; oversight; refusal behavior; watermarking;
      preference learning`),
    subjects: words('aligned models; safety classifiers; autonomous agents; reward models'),
    tasks: words(`scalable oversight; jailbreak detection; red teaming; honest reporting; value-sensitive dialogue;
      prompt-injection defense; harm-aware refusal`),
    cores:
      words(`constitution tuning; adversarial training; refusal calibration; debate; behavior auditing; preference modeling;
      intent classification; monitor training`),
    parts: words('refusals; hidden instructions; preference labels; audit logs; attack prompts'),
    failings: words(`refuse harmless requests; flatter the user; leak what they were told to keep; game their reward;
      behave better when watched`),
    abilities: words(
      `say no politely; report their own errors; disagree with the user; resist a persuasive stranger; keep a secret`,
    ),
    steps: words(`trains attacker and defender on each other's last mistakes;
      asks the model to predict its own behavior and penalizes surprises;
      separates instructions from data with a channel that users cannot write to;
      labels refusals by the harm they avoid and by the help they withhold;
      lets weak judges inspect short, checkable claims instead of whole arguments;
      plants harmless temptations and records what the agent does about them`),
    metrics: words('detection rate; refusal precision; agreement with experts'),
    settings: words('18 attack families; four deployed assistants; a study with 310 participants'),
    stems: words('Guard; Candor; Oath; Sentry; Vigil; Ward'),
    contexts: words(`A model that refuses everything is safe and useless.;
      People disagree about what a model should decline to do, and training data hides it.;
      Agents that read the web also read instructions that were meant to mislead them.;
      Most safety tests measure what a model says, not what it does.`),
    weight: 1.2,
  },
  {
    keywords:
      words(`speech models; text-to-speech; speech recognition; audio understanding; music generation; full-duplex dialogue;
      voice conversion; speech tokenizers; sound separation`),
    subjects: words('speech language models; voice assistants; music generators; audio encoders'),
    tasks: words(`full-duplex spoken dialogue; expressive text-to-speech; noisy speech recognition; song generation;
      sound event understanding; simultaneous speech translation; voice restoration`),
    cores:
      words(`speech tokenization; turn-taking prediction; prosody transfer; streaming alignment; codec distillation;
      accent adaptation; melody planning; pause modeling`),
    parts: words('speech tokens; pauses; phonemes; overlapping voices; codec frames'),
    failings: words(
      `interrupt at the wrong moment; flatten emotion; lose the second speaker; mishear names; rush the last word`,
    ),
    abilities: words(`listen while they speak; whisper; keep a melody; understand a child; stay silent`),
    steps: words(`predicts when to speak from the same stream that decides what to say;
      separates timbre, rhythm and content into three token streams of different rates;
      plans the melody before the lyrics are sung;
      adapts to an accent from eight seconds of speech without gradient steps;
      trains the codec on what listeners notice rather than on waveform error;
      hides the delay of translation in the speaker's own pauses`),
    metrics: words('intelligibility; listener preference; turn-taking accuracy'),
    settings: words('14 languages; 200 hours of two-party conversation; listening tests with 90 people'),
    stems: words('Echo; Tempo; Vox; Chord; Murmur; Cadence'),
    contexts: words(`Conversation is fast: people answer each other within a fifth of a second.;
      Synthetic voices have become clear before they have become expressive.;
      Text is a poor summary of what was said.;
      Most of the world's speech is recorded far from a microphone.`),
    weight: 0.9,
  },
  {
    keywords:
      words(`interpretability; sparse autoencoders; circuit analysis; activation steering; training dynamics; in-context learning;
      probing; feature geometry; model editing`),
    subjects: words('transformers; language models; sparse autoencoders; in-context learners'),
    tasks:
      words(`feature discovery; circuit tracing; model editing; in-context learning; activation steering; training diagnosis;
      factual recall`),
    cores: words(`activation patching; feature clustering; circuit pruning; concept steering; attribution; probing;
      representation editing; loss decomposition`),
    parts: words('features; attention heads; residual directions; neurons; induction circuits'),
    failings:
      words(`store one fact in many places; learn shortcuts first; entangle unrelated features; ignore their own evidence;
      change all at once`),
    abilities:
      words(`explain their own neurons; unlearn a fact; tell what they know from what they guess; be steered gently;
      learn a rule from three examples`),
    steps: words(`traces a prediction back through the few components that decide it;
      groups features by what they cause downstream instead of by what excites them;
      edits a fact in all the places where it is stored, found by a single backward pass;
      compares thousands of checkpoints to date the birth of each circuit;
      replaces a layer by a readable program and measures what is lost;
      steers along directions that leave unrelated behavior unchanged`),
    metrics: words('explained variance; edit success; attribution faithfulness'),
    settings: words('twelve models from 70M to 9B parameters; 3,000 training checkpoints; five families of probes'),
    stems: words('Probe; Circuit; Prism; Trace; Motif; Vein'),
    contexts: words(`We can read every number in a neural network and still not say what it does.;
      Features found by sparse dictionaries are tidy, and it is unclear whether the model uses them.;
      Abilities appear suddenly in benchmarks and gradually in weights.;
      Explanations of models are seldom tested against interventions.`),
    weight: 1,
  },
  {
    keywords:
      words(`retrieval-augmented generation; dense retrieval; deep research; reranking; knowledge graphs; query rewriting;
      citation quality; embedding models; agentic search`),
    subjects: words('retrieval-augmented models; search agents; embedding models; rerankers'),
    tasks:
      words(`multi-hop question answering; deep research; scientific literature search; enterprise search; fact checking;
      conversational search; patent retrieval`),
    cores:
      words(`query rewriting; evidence selection; late interaction; index compression; citation training; graph traversal;
      hard-negative mining; answer attribution`),
    parts: words('citations; retrieved passages; queries; hard negatives; knowledge graphs'),
    failings:
      words(`cite what they did not read; stop at the first hit; trust the longest passage; repeat the same query;
      prefer familiar sources`),
    abilities: words(
      `search again; quote their sources; notice a contradiction; rank without reading; answer from one page`,
    ),
    steps: words(`issues a new query only when the evidence so far supports two different answers;
      trains the retriever on passages that changed the answer, not on those that resemble the question;
      attaches each sentence to the span that licenses it and deletes the others;
      compresses the index to two bytes per token without retraining;
      walks a graph that is built while reading rather than in advance;
      mines negatives that fool the reranker and not the reader`),
    metrics: words('answer accuracy; citation precision; recall at 20'),
    settings: words('four multi-hop suites; 2.1 million scientific abstracts; 500 expert questions'),
    stems: words('Seek; Index; Quote; Source; Librarian; Rank'),
    contexts: words(`Retrieval helps most when a model knows that it does not know.;
      A long report with many citations is not necessarily a well-supported one.;
      Search engines rank pages for people, and models read differently.;
      The best evidence is often two hops away from the question.`),
    weight: 1.1,
  },
  {
    keywords:
      words(`pretraining data; scaling laws; tokenization; data mixtures; synthetic data; optimizers; multilingual models;
      model merging; curriculum learning`),
    subjects: words('base models; multilingual models; small language models; merged models'),
    tasks: words(`language model pretraining; data selection; low-resource language modeling; continual pretraining;
      vocabulary adaptation; domain adaptation; compute-optimal training`),
    cores: words(`data mixing; deduplication; curriculum design; token weighting; weight averaging; vocabulary grafting;
      learning-rate transfer; synthetic rephrasing`),
    parts: words('repeated tokens; rare words; synthetic documents; checkpoints; quality filters'),
    failings:
      words(`forget the first language; memorize boilerplate; waste tokens on easy text; inherit the filter's taste;
      plateau early`),
    abilities: words(`learn from a small corpus; share one vocabulary; merge without retraining; unlearn a bad source;
      grow while they train`),
    steps: words(`fits the mixture on a hundred tiny models and transfers it to a large one;
      repeats rare documents and rephrases common ones;
      weights every token by how much a slightly larger model would gain from it;
      grafts new vocabulary by averaging the pieces of each word in context;
      averages checkpoints along directions of low curvature;
      removes near-duplicates by meaning instead of by shared strings`),
    metrics: words('downstream accuracy; sample efficiency; held-out likelihood'),
    settings: words('runs from 100M to 13B parameters; 31 languages; 400 small training runs'),
    stems: words('Corpus; Token; Merge; Lingua; Sieve; Root'),
    contexts: words(`The recipe for pretraining is mostly a recipe for data.;
      Scaling laws tell how large a model should be and little about what it should read.;
      Most languages have less text than a single week of English news.;
      Filters that raise benchmark scores also decide whose writing is kept.`),
    weight: 1.1,
  },
  {
    keywords:
      words(`AI for science; protein design; molecular generation; weather forecasting; medical imaging; neural operators;
      materials discovery; uncertainty quantification; graph neural networks`),
    subjects: words('scientific foundation models; neural operators; protein language models; clinical models'),
    tasks:
      words(`protein design; regional weather forecasting; crystal structure prediction; medical image segmentation;
      clinical risk prediction; partial differential equation solving; reaction planning`),
    cores:
      words(`operator learning; equivariant diffusion; uncertainty calibration; ensemble distillation; structure retrieval;
      active sampling; physics-informed training; surrogate modeling`),
    parts: words('wet-lab labels; simulations; conservation laws; clinical notes; rare events'),
    failings: words(`forget conservation laws; miss rare events; extrapolate with confidence; fail at the next hospital;
      smooth away extremes`),
    abilities: words(
      `propose an experiment; say how sure they are; obey a symmetry; forecast an extreme; transfer across instruments`,
    ),
    steps: words(`enforces conservation exactly at the last layer and softly everywhere else;
      chooses the next experiment by what would change its mind the most;
      distills a slow ensemble into one network that still knows when it is unsure;
      generates structures backward from the measurement that they must explain;
      trains on coarse simulations and corrects itself on a few fine ones;
      retrieves similar known structures and edits them`),
    metrics: words('forecast skill; hit rate; calibration'),
    settings: words('two years of held-out observations; three hospitals; 96 synthesized candidates'),
    stems: words('Fold; Helix; Storm; Cell; Crystal; Assay'),
    contexts: words(`In science a confident wrong answer costs an experiment.;
      Simulators are accurate and slow, and measurements are few and noisy.;
      Models that win on benchmarks often fail at the next instrument.;
      The events that matter most are those that the data contain least.`),
    weight: 1,
  },
];
